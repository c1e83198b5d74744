import { dayAt } from '../window.ts';
import { type AccountPart, accountParts } from './account-parts.ts';
import { plainCell } from './cell.ts';
import { columnForms, localeForms } from './column-forms.ts';
import { currencyOf } from './currency.ts';
import { halvesOf, periodIn } from './day-form.ts';
import { headOf } from './header.ts';
import { type LaidOut, layOut } from './layout.ts';
import { type Mapping, mappings, withOwnNames } from './mapping.ts';
import { type ChosenHeader, choosePlatform } from './platform-choice.ts';
import { bodyRows } from './read-import.ts';
import type { ColumnReading, Level, Reading } from './reading.ts';
import { refusal } from './refusal.ts';
import { type Survey, survey } from './survey.ts';
import type { ToldOfFile } from './told.ts';
import { checkTotals, type TotalCheck } from './totals.ts';

/** A file that somebody has. */
export interface ImportFile {
  /** Its name without folders. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Day on which it was written last; an export is not younger than that. */
  readonly writtenOn: string;
}

/** What was understood of a file: enough to land it, and to tell a person. */
export interface Understanding {
  readonly file: ImportFile;
  readonly mapping: Mapping;
  readonly platformBy: ChosenHeader['by'];
  readonly language: string | null;
  readonly layout: Reading['layout'];
  readonly columns: readonly ColumnReading[];
  /** Rows by what they are about. */
  readonly levels: ReadonlyMap<Level, number>;
  readonly grain: 'day' | 'period';
  readonly currency: string | null;
  readonly timezone: string | null;
  readonly pulledOn: string;
  readonly rows: number;
  readonly totals: TotalCheck;
  /** Sums of the rows by field, for those that add up. */
  readonly sums: ReadonlyMap<string, string>;
  /** Rows that share everything that tells rows apart, beyond the first of each. */
  readonly twins: number;
  /** Headers that the mapping does not know; their cells are kept under them. */
  readonly unknownHeaders: readonly string[];
  /** Rows left out because they call themselves totals and are the sums of others. */
  readonly subtotals: number;
  /** Rows of something coarser that are the sums of others: kept, and counted once. */
  readonly repeated: number;
  /** Rows left out because they have no day. */
  readonly withoutDay: number;
  /** Cells whose id a spreadsheet has rounded. */
  readonly damagedIds: number;
  readonly accounts: readonly AccountPart[];
}

/**
 * Finds out what a file is and how it is to be read: its layout, platform, columns, figures, dates,
 * totals, level, period, account and currency. Guesses nothing that changes a figure: where two ways
 * are open it throws `IMPORT_REFUSED` and says which option settles it.
 */
export function understand(file: ImportFile, told: ToldOfFile): Understanding {
  const laid = layOut(file.bytes, mappingsFor(told));
  const chosen = choosePlatform(laid, { as: told.as, fileName: file.name });
  const draft = draftOf(file, told, { laid, chosen });
  const seen = survey(draft, laid.table);
  const totals = checkTotals(seen.totals, seen.sums);
  if (seen.rows === 0) throw nothingIn(seen, chosen);
  const reading: Reading = {
    ...draft,
    last_row: seen.lastRow,
    left_out: seen.leftOut,
    counts_occurrences: seen.twins > 0 && laid.layout.format !== 'json',
  };
  const money = currencyOf(chosen.header, { seen, table: laid.table, told: told.currency });
  return {
    file,
    mapping: chosen.header.mapping,
    platformBy: chosen.by,
    language: chosen.header.language,
    layout: laid.layout,
    columns: reading.columns,
    levels: seen.levels,
    grain: seen.hasPeriods ? 'period' : 'day',
    currency: money,
    timezone: told.timezone,
    pulledOn: pulledOn(file, told, laid),
    rows: seen.rows,
    totals,
    sums: new Map([...seen.sums].map(([field, sum]) => [field, `${sum}`])),
    twins: reading.counts_occurrences ? seen.twins : 0,
    unknownHeaders: chosen.header.columns.flatMap(({ header, meaning }) =>
      meaning === null && !header.startsWith('../') ? [header] : [],
    ),
    subtotals: seen.leftOut.filter(({ why }) => why === 'subtotal').length,
    repeated: seen.repeated,
    withoutDay: seen.leftOut.filter(({ why }) => why === 'no day').length,
    damagedIds: seen.damagedIds,
    accounts: accountParts(reading, seen, told),
  };
}

function mappingsFor(told: ToldOfFile): readonly Mapping[] {
  const all = mappings();
  const path = told.mapping;
  if (told.as !== null && !all.some(({ platform }) => platform === told.as)) {
    throw refusal(
      `--as must name a platform, found ${JSON.stringify(told.as)}.`,
      `Give one of: ${all.map(({ platform }) => platform).join(', ')}.`,
    );
  }
  const named = all.filter(({ platform }) => told.as === null || platform === told.as);
  return path === null
    ? told.as === null
      ? all
      : named
    : named.map((one) => withOwnNames(one, path));
}

interface Found {
  readonly laid: LaidOut;
  readonly chosen: ChosenHeader;
}

/** A reading that lacks what only its rows can tell. */
function draftOf(file: ImportFile, told: ToldOfFile, { laid, chosen }: Found): Reading {
  const { header } = chosen;
  const first = header.row + 1;
  const body = { first_row: first, last_row: Number.MAX_SAFE_INTEGER, left_out: [], account: null };
  const cells = function* (): Generator<readonly string[]> {
    for (const row of bodyRows(body, laid.table)) yield row.cells;
  };
  return {
    version: 1,
    platform: header.mapping.platform,
    mapping: told.mapping === null ? header.mapping.platform : 'own',
    file_name: file.name,
    layout: laid.layout,
    header_row: header.row,
    first_row: first,
    last_row: body.last_row,
    columns: columnForms(header.columns, cells(), localeForms(told.locale)),
    left_out: [],
    account: null,
    period: periodTold(told, laid, header.row),
    counts_occurrences: false,
    locale: told.locale,
    attribution_rule: header.mapping.attributionRule,
  };
}

function periodTold(told: ToldOfFile, laid: LaidOut, headerRow: number): Reading['period'] {
  if (told.since !== null && told.until !== null) return { since: told.since, until: told.until };
  const preamble = headOf(laid.table)
    .slice(0, headerRow - 1)
    .flat()
    .map(plainCell);
  for (const cell of preamble) {
    const text = cell.replace(/^[^\d:]*:\s*/, '');
    if (halvesOf(text).length === 0) continue;
    const found = periodIn(text, 'ymd') ?? periodIn(text, localeForms(told.locale).days ?? 'ymd');
    if (found !== null) return found;
  }
  return null;
}

/**
 * The day of the export: as told, as the workbook says, else the day the file was written last, which
 * cannot be before it. Never before the file's own days end, nor later than that writing.
 */
function pulledOn(file: ImportFile, told: ToldOfFile, laid: LaidOut): string {
  if (told.exportedOn !== null) return told.exportedOn;
  if (laid.createdAt === null) return file.writtenOn;
  const created = dayAt(laid.createdAt, told.timezone ?? 'UTC');
  return created < file.writtenOn ? created : file.writtenOn;
}

function nothingIn(seen: Survey, chosen: ChosenHeader) {
  const label = chosen.header.mapping.label;
  if (seen.leftOut.some(({ why }) => why === 'no day')) {
    return refusal(
      `The file looks like an export of ${label}, but it does not say of which days its figures are.`,
      'Export it with the days in it, or say them with --since and --until.',
    );
  }
  return refusal(
    `The file looks like an export of ${label}, but there is no row under its headers.`,
    'Choose days and campaigns that have figures, and export again.',
  );
}
