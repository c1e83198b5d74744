import { AdlakeError } from '../../errors.ts';
import { hashOf } from '../../file.ts';
import { type Batch, landBatch, listBatches, type PageBody } from '../../landing/batch.ts';
import { dayAt, isDay } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { PERSONAL_DATASETS } from './datasets.ts';
import { internalMappings, type Mapping, mappingsFor } from './mapping.ts';
import { pageOf } from './purge.ts';
import { type CleanRecord, type Redacted, redact, type Told } from './redaction.ts';
import { makeSalt, type Salt, saltOf } from './salt.ts';
import { readTable, type Table } from './table.ts';

/** A file with orders, revenue, offline conversions or touchpoints, to be put into landing. */
export interface InternalFile {
  readonly lake: Lake;
  readonly path: string;
  /** The dataset it must be; null: its columns say it. */
  readonly dataset: string | null;
  readonly told: Told;
  /** Instant in UTC with milliseconds. */
  readonly now: string;
  readonly isDryRun: boolean;
}

/** What a file was, and what of it was landed. */
export interface TakenIn {
  readonly mapping: Mapping;
  readonly redacted: Redacted;
  /** First and last day of its records, UTC; null when no record has a day that can be read. */
  readonly since: string | null;
  readonly until: string | null;
  /** Null: nothing was written, because it was a trial or because all of it is there already. */
  readonly batch: Batch | null;
  readonly isKnown: boolean;
}

/** The mapping that a file with these columns is read by, or null when it is no internal file. */
export function internalMappingOf(headers: readonly string[]): Mapping | null {
  const [first, ...others] = mappingsFor(headers);
  return others.length === 0 ? (first ?? null) : null;
}

/**
 * Lands what may be kept of a file: the one case in which landing does not hold the bytes that came.
 * The same content twice is landed once. Throws `FILE_UNREADABLE` for a file that cannot be read, and
 * `USAGE` for one that is not recognised or does not say a time zone or currency that it needs.
 */
export function takeIn(file: InternalFile): TakenIn {
  const table = readTable(file.path);
  const mapping = theMapping(file, table);
  const salt = file.isDryRun ? (saltOf(file.lake) ?? NO_SALT) : makeSalt(file.lake);
  checkSalt(file.lake, salt);
  const redacted = redact(table, { mapping, told: file.told, salt });
  checkTold(file.path, redacted);
  const days = daysOf(redacted.records);
  const found = { mapping, redacted, since: days[0] ?? null, until: days.at(-1) ?? null };
  const pages = pagesOf(redacted.records);
  const isKnown = isLanded(file.lake, mapping, pages);
  if (file.isDryRun || isKnown) return { ...found, batch: null, isKnown };
  const batch = write(file, { ...found, pages, salt });
  return { ...found, batch, isKnown };
}

const NO_SALT: Salt = { bytes: Buffer.alloc(0), id: 'none' };

function theMapping(file: InternalFile, table: Table): Mapping {
  const fitting = mappingsFor(table.headers).filter(
    ({ dataset }) => file.dataset === null || dataset === file.dataset,
  );
  const [mapping] = fitting;
  if (mapping !== undefined && fitting.length === 1) return mapping;
  const wanted = internalMappings()
    .filter(({ dataset }) => file.dataset === null || dataset === file.dataset)
    .map((one) => `${one.title} (${one.recognised_by.join(', ')})`);
  throw new AdlakeError({
    code: 'USAGE',
    message:
      fitting.length === 0
        ? `${file.path} has ${table.headers.length} columns, and they are those of no ${file.dataset ?? 'internal'} file that adlake knows.`
        : `${file.path} could be ${fitting.map(({ title }) => title).join(' or ')}.`,
    remedy:
      fitting.length === 0
        ? `A file is recognised by its columns: ${wanted.join('; ')}.`
        : 'Say which with --dataset.',
  });
}

/** With another salt the same person would get a second key, and nobody would notice. */
function checkSalt(lake: Lake, salt: Salt): void {
  const others = PERSONAL_DATASETS.flatMap((dataset) => listBatches(lake, dataset, 'all'))
    .map(({ request }) => request.salt_id)
    .filter((id) => id !== undefined && id !== salt.id);
  if (others.length === 0) return;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `The salt of this lake is not the one that the keys of persons in landing were made with (${String(others[0])}, found ${salt.id}).`,
    remedy: 'Restore zones/landing/internal/person-key.salt from a backup of the lake.',
  });
}

function checkTold(path: string, redacted: Redacted): void {
  if (redacted.zoneless > 0) {
    throw new AdlakeError({
      code: 'USAGE',
      message: `${path} has times without a time zone (${redacted.zoneless} of them), so their instants and days cannot be told.`,
      remedy: 'Say in which zone the shop keeps its times: --timezone Europe/Berlin.',
    });
  }
  if (redacted.withoutCurrency > 0) {
    throw new AdlakeError({
      code: 'USAGE',
      message: `${path} has ${redacted.withoutCurrency} rows with an amount and without a currency.`,
      remedy: 'Say the currency of the shop: --currency EUR.',
    });
  }
}

const DAY_FIELDS = ['ordered_at', 'converted_at', 'touched_at', 'day'];

function daysOf(records: readonly CleanRecord[]): readonly string[] {
  const days = new Set<string>();
  for (const record of records) {
    const field = DAY_FIELDS.find((name) => record[name] !== undefined) ?? '';
    const day = record[field]?.slice(0, 10) ?? '';
    if (isDay(day)) days.add(day);
  }
  return [...days].sort();
}

/** A page stays well below the longest text that an engine can hold. */
const PAGE_RECORDS = 50_000;

function pagesOf(records: readonly CleanRecord[]): readonly PageBody[] {
  const pages: PageBody[] = [];
  for (let from = 0; from === 0 || from < records.length; from += PAGE_RECORDS) {
    pages.push(pageOf(records.slice(from, from + PAGE_RECORDS)));
  }
  return pages;
}

/** True when an earlier file left exactly the same. It may lie behind a later one, which then counts. */
function isLanded(lake: Lake, mapping: Mapping, pages: readonly PageBody[]): boolean {
  const hashes = pages.map((page) => hashOf(page.bytes)).join();
  return listBatches(lake, datasetOf(mapping), 'all').some(
    (batch) => batch.pages.map((page) => page.sha256).join() === hashes,
  );
}

function datasetOf(mapping: Mapping) {
  const dataset = PERSONAL_DATASETS.find(({ name }) => name === mapping.dataset);
  if (dataset !== undefined) return dataset;
  throw new AdlakeError({
    code: 'BUG',
    message: `The mapping of ${mapping.title} names the dataset ${mapping.dataset}, which is none.`,
    remedy: 'Correct it in src/platforms/internal/mappings.',
  });
}

function write(
  file: InternalFile,
  found: {
    readonly mapping: Mapping;
    readonly redacted: Redacted;
    readonly since: string | null;
    readonly until: string | null;
    readonly pages: readonly PageBody[];
    readonly salt: Salt;
  },
): Batch {
  const { mapping, redacted, salt } = found;
  const today = dayAt(file.now, file.told.timezone ?? 'UTC');
  return landBatch(file.lake, datasetOf(mapping), {
    head: {
      dataset: mapping.dataset,
      account_id: 'all',
      object_id: null,
      source: 'import',
      scope: {
        since: found.since ?? today,
        until: found.until ?? today,
        campaigns: { kind: 'all' },
        complete: false,
      },
      today,
      api_version: null,
      request: {
        file_kind: mapping.title,
        dropped_columns: redacted.dropped.length,
        continued_rows: redacted.continued,
        ...(redacted.keyed > 0 ? { salt_id: salt.id } : {}),
      },
      timezone: file.told.timezone,
      currency: file.told.currency,
    },
    pages: found.pages,
    now: file.now,
  });
}
