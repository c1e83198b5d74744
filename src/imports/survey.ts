import { BREAKDOWNS } from './datasets.ts';
import { ExactSum } from './exact-sum.ts';
import type { Field } from './fields.ts';
import { bodyRows } from './read-import.ts';
import type { LeftOut, Level, Reading } from './reading.ts';
import { daysOf, fieldReader, idIn, levelOf, objectKey } from './record.ts';
import { refusal } from './refusal.ts';
import { findSubtotals, RowForms, type Subtotals } from './subtotals.ts';
import type { Table } from './table.ts';
import { additiveFields, type BodyRow, dimensionsOf, isTotalRow } from './totals.ts';

/** What was seen of one account's rows. */
export interface AccountSeen {
  readonly name: string | null;
  readonly rows: number;
  /** First and last day, inclusive. */
  readonly since: string;
  readonly until: string;
}

/** What going through a file once has shown. */
export interface Survey {
  /** Rows that are records. */
  readonly rows: number;
  readonly totals: readonly BodyRow[];
  readonly sums: ReadonlyMap<Field, ExactSum>;
  readonly leftOut: readonly LeftOut[];
  readonly levels: ReadonlyMap<Level, number>;
  readonly hasPeriods: boolean;
  /** By the text of the account's cell; `` when the file has none. */
  readonly accounts: ReadonlyMap<string, AccountSeen>;
  readonly currencies: ReadonlySet<string>;
  /** Rows that share all that tells rows apart, beyond the first of each. */
  readonly twins: number;
  /** Cells whose id a spreadsheet has rounded. */
  readonly damagedIds: number;
  /** Last row that is not a trailer, counted from 1. */
  readonly lastRow: number;
  /** Some rows may be sums of others: they have other dimensions, or say that they are totals. */
  readonly mayHaveSubtotals: boolean;
  /** Rows that are records and sums of others, and no part of `sums`. */
  readonly repeated: number;
}

/** Rows of totals and of other things that are left out, at most: a file with more is something else. */
const MAX_LEFT_OUT = 10_000;

/**
 * Goes through the body of a file once, and once more where rows may be sums of others. Throws
 * `IMPORT_REFUSED` when rows do not fit their headers, or say that they are totals and are not.
 */
export function survey(reading: Reading, table: Table): Survey {
  const once = surveyOnce(reading, table, NO_SUBTOTALS);
  if (!once.mayHaveSubtotals) return once;
  const found = findSubtotals(reading, table);
  if (found.leftOut.length === 0 && found.repeated.size === 0) return once;
  const left = { ...reading, left_out: [...reading.left_out, ...found.leftOut] };
  const again = surveyOnce(left, table, found);
  const leftOut = [...again.leftOut, ...found.leftOut].sort((one, other) => one.row - other.row);
  return { ...again, leftOut };
}

const NO_SUBTOTALS: Subtotals = { leftOut: [], repeated: new Set() };

function surveyOnce(reading: Reading, table: Table, found: Subtotals): Survey {
  const work = new Surveyor(reading, found.repeated);
  for (const { row, cells } of bodyRows(reading, table)) work.take(row, cells);
  return work.result();
}

/** What has been seen so far. Lives while one file is gone through. */
class Surveyor {
  private readonly reading: Reading;
  private readonly read: ReturnType<typeof fieldReader>;
  /** None in answers of an API: they may mix levels, and have no total rows. */
  private readonly dimensions: readonly Field[];
  private readonly forms: RowForms;
  private readonly repeated: ReadonlySet<number>;
  private readonly additive: readonly Field[];
  private readonly ids: readonly number[];
  private readonly accountAt: number;
  /** Those that the file has a column for. */
  private readonly breakdowns: readonly (typeof BREAKDOWNS)[number][];
  private readonly totals: BodyRow[] = [];
  private readonly leftOut: LeftOut[] = [];
  private readonly sums: Map<Field, ExactSum>;
  private readonly levels: Map<Level, number> = new Map();
  private readonly accounts: Map<string, { -readonly [K in keyof AccountSeen]: AccountSeen[K] }> =
    new Map();
  private readonly currencies: Set<string> = new Set();
  private readonly keys: Set<string> = new Set();
  private hasPeriods = false;
  private rows = 0;
  private twins = 0;
  private damagedIds = 0;
  private lastRow = 0;

  constructor(reading: Reading, repeated: ReadonlySet<number>) {
    const { columns } = reading;
    this.reading = reading;
    this.repeated = repeated;
    this.read = fieldReader(columns);
    this.dimensions = reading.layout.format === 'json' ? [] : dimensionsOf(columns);
    this.forms = new RowForms(this.dimensions);
    this.additive = additiveFields(columns);
    this.ids = columns.flatMap(({ field }, at) => (field?.endsWith('_id') === true ? [at] : []));
    this.accountAt = accountColumn(reading);
    this.sums = new Map(this.additive.map((field) => [field, new ExactSum()]));
    this.breakdowns = BREAKDOWNS.filter((name) => columns.some(({ field }) => field === name));
  }

  take(row: number, cells: readonly string[]): void {
    this.refuseTooWide(row, cells);
    const { fields } = this.read(cells);
    if (this.isNote(fields, cells)) {
      this.leaveOut({ row, why: 'note' });
      return;
    }
    this.lastRow = row;
    if (isTotalRow(fields, { dimensions: this.dimensions, additive: this.additive })) {
      this.totals.push({ row, fields });
      this.leaveOut({ row, why: 'total' });
      return;
    }
    const days = daysOf(this.reading, fields);
    if (days.date_start === undefined || days.date_stop === undefined) {
      this.leaveOut({ row, why: 'no day' });
      return;
    }
    this.forms.take(fields);
    if (!this.repeated.has(row)) this.addUp(fields);
    this.count(fields, { since: days.date_start, until: days.date_stop }, cells);
  }

  result(): Survey {
    const { rows, totals, sums, levels, hasPeriods, accounts, currencies } = this;
    const { twins, damagedIds, lastRow } = this;
    const leftOut = this.leftOut.filter(({ row }) => row <= lastRow);
    return {
      rows,
      totals,
      sums,
      leftOut,
      levels,
      hasPeriods,
      accounts,
      currencies,
      twins,
      damagedIds,
      lastRow,
      mayHaveSubtotals: this.forms.mayHaveSubtotals,
      repeated: this.repeated.size,
    };
  }

  private addUp(fields: Readonly<Record<string, string>>): void {
    for (const [field, sum] of this.sums) {
      const value = fields[field];
      if (value !== undefined) sum.add(value);
    }
  }

  private count(
    fields: Readonly<Record<string, string>>,
    days: { readonly since: string; readonly until: string },
    cells: readonly string[],
  ): void {
    this.rows++;
    const level = levelOf(fields);
    this.levels.set(level, (this.levels.get(level) ?? 0) + 1);
    if (days.since !== days.until) this.hasPeriods = true;
    if (fields.currency !== undefined) this.currencies.add(fields.currency);
    for (const at of this.ids) if (isDamaged(cells[at] ?? '')) this.damagedIds++;
    const account = this.accountAt === -1 ? '' : (cells[this.accountAt] ?? '').trim();
    this.countAccount(account, days, fields.account_name ?? null);
    let key = `${account}\u0000${days.since}\u0000${days.until}\u0000${objectKey(fields, level)}`;
    for (const name of this.breakdowns) key += `\u0000${fields[name] ?? ''}`;
    this.countKey(key);
  }

  private countKey(key: string): void {
    if (this.keys.has(key)) this.twins++;
    else this.keys.add(key);
  }

  private countAccount(
    account: string,
    days: { readonly since: string; readonly until: string },
    name: string | null,
  ): void {
    const seen = this.accounts.get(account);
    if (seen === undefined) {
      this.accounts.set(account, { ...days, name, rows: 1 });
      return;
    }
    seen.name ??= name;
    seen.rows++;
    if (days.since < seen.since) seen.since = days.since;
    if (days.until > seen.until) seen.until = days.until;
  }

  private leaveOut(one: LeftOut): void {
    this.leftOut.push(one);
    if (this.leftOut.length <= MAX_LEFT_OUT) return;
    throw refusal(
      `More than ${MAX_LEFT_OUT} rows of the file are totals, notes or have no day.`,
      'Export figures by day: campaigns, ad sets or ads, without subtotals.',
    );
  }

  /** A line with a cell or two, no figure and no day: a note, or who made the file. */
  private isNote(fields: Readonly<Record<string, string>>, cells: readonly string[]): boolean {
    if (this.additive.some((name) => fields[name] !== undefined)) return false;
    if (fields.day !== undefined || fields.date_start !== undefined) return false;
    return cells.filter((cell) => cell.trim() !== '').length <= 2;
  }

  private refuseTooWide(row: number, cells: readonly string[]): void {
    const width = this.reading.columns.length;
    if (cells.length <= width || cells.slice(width).every((cell) => cell.trim() === '')) return;
    throw refusal(
      `Row ${row} has ${cells.length} cells, but there are ${width} headers: a cell with a delimiter in it was not put in quotes, or the file was changed.`,
      'Export the file again, and do not edit it as text.',
    );
  }
}

/** The column that tells accounts apart: their ids, else their names; -1 when there is neither. */
export function accountColumn(reading: Pick<Reading, 'columns'>): number {
  const byId = reading.columns.findIndex(({ field }) => field === 'account_id');
  if (byId !== -1) return byId;
  return reading.columns.findIndex(({ field }) => field === 'account_name');
}

function isDamaged(cell: string): boolean {
  return cell.trim() !== '' && cell.trim() !== '--' && idIn(cell) === null && /\d/.test(cell);
}
