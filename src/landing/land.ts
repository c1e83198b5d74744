import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { readIfThere } from '../file.ts';
import { rowDay } from '../fold/judge.ts';
import type { QuarantineRecord } from '../quarantine.ts';
import { cutTokens } from '../token.ts';
import { addDays, dayAt, type Window } from '../window.ts';
import type { Lake } from '../zone.ts';
import {
  type Batch,
  type BatchHead,
  landBatch,
  listBatches,
  type PageBody,
  rowsIn,
} from './batch.ts';
import { readRecords } from './page.ts';

/** Pages that somebody saved from the API, to be put into landing as a batch. */
export interface LandInput {
  readonly lake: Lake;
  readonly dataset: Dataset;
  /** Account id, digits. */
  readonly accountId: string;
  /** Paths of the files; each becomes a page. */
  readonly files: readonly string[];
  /** Instant in UTC with milliseconds. */
  readonly now: string;
  /** The account's day when the pages were saved; null: today. Decides what counts as settled. */
  readonly today: string | null;
  readonly timezone: string | null;
  readonly currency: string | null;
  /** Given, the pages are the whole answer for these days: rows that are not in them are withdrawn. */
  readonly window?: Window;
  readonly dryRun: boolean;
}

/** What was landed, or would be. */
export interface Landed {
  readonly batches: readonly Batch[];
  readonly pages: number;
  /** Records that could be read; pages that could not be read go to quarantine later. */
  readonly rows: number;
}

/**
 * Lands captured pages as they are, less any access token. Broken pages land too: the next stage
 * quarantines them with a reason. Throws `FILE_UNREADABLE` when a file is not there, before anything
 * is written.
 */
export function land(input: LandInput): Landed {
  const pages = input.files.map((file) => pageOf(input.dataset, file));
  const rows = rowsIn(pages);
  if (input.dryRun) return { batches: [], pages: pages.length, rows };
  const { lake, dataset, now } = input;
  const batch = landBatch(lake, dataset, { head: headOf(input, pages), pages, now });
  return { batches: [batch], pages: pages.length, rows };
}

/** A change to a quarantined record: the value (text) to be set at a JSON pointer. */
export interface Correction {
  readonly pointer: string;
  readonly value: string;
}

/**
 * Lands a mended copy of a quarantined record as a batch of its own; landing's original stays as it
 * is. Throws `USAGE` when the record was no record (an unreadable page) or a pointer leads nowhere.
 */
export function correct(
  lake: Lake,
  dataset: Dataset,
  input: {
    readonly record: QuarantineRecord;
    readonly changes: readonly Correction[];
    readonly now: string;
  },
): Batch {
  const { record } = input;
  const original = batchOf(lake, dataset, record);
  const mended = input.changes.reduce(setAt, parseRecord(record));
  const bytes = Buffer.from(JSON.stringify({ data: [mended] }));
  const head: BatchHead = {
    ...headFrom(original),
    source: 'correction',
    scope: { ...original.scope, complete: false, campaigns: { kind: 'all' } },
    request: { corrects: record.id, batch_id: record.batch_id, page: record.page, row: record.row },
  };
  return landBatch(lake, dataset, { head, pages: [{ bytes, rows: 1 }], now: input.now });
}

function pageOf(dataset: Dataset, file: string): PageBody {
  const bytes = readIfThere(file);
  if (bytes === null) {
    throw new AdlakeError({
      code: 'FILE_UNREADABLE',
      message: `There is no file ${file}.`,
      remedy: 'Check the path. Nothing was landed.',
    });
  }
  const clean = withoutTokens(bytes);
  const content = readRecords(dataset, clean);
  return { bytes: clean, rows: content.ok ? content.records.length : null };
}

/** Bytes that are no UTF-8 stay untouched but for the token, which is ASCII. */
function withoutTokens(bytes: Buffer): Buffer {
  return Buffer.from(cutTokens(bytes.toString('latin1')), 'latin1');
}

function headOf(input: LandInput, pages: readonly PageBody[]): BatchHead {
  const today = input.today ?? dayAt(input.now, input.timezone ?? 'UTC');
  const days = daysIn(input, pages);
  const isFact = input.dataset.fold !== 'entity';
  const found = { since: days[0] ?? addDays(today, -1), until: days.at(-1) ?? addDays(today, -1) };
  return {
    dataset: input.dataset.name,
    account_id: input.accountId,
    object_id: null,
    source: 'captured',
    scope: {
      since: isFact ? (input.window?.since ?? found.since) : null,
      until: isFact ? (input.window?.until ?? found.until) : null,
      campaigns: { kind: 'all' },
      complete: isFact && input.window !== undefined,
    },
    today,
    api_version: null,
    request: { captured_files: input.files.length },
    timezone: input.timezone,
    currency: input.currency,
  };
}

function daysIn(input: LandInput, pages: readonly PageBody[]): readonly string[] {
  const { dataset, timezone } = input;
  const days = new Set<string>();
  for (const page of pages) {
    const content = readRecords(dataset, page.bytes);
    for (const text of content.ok ? content.records : []) {
      const record = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
      const day = rowDay(dataset, record, timezone);
      if (day !== null) days.add(day);
    }
  }
  return [...days].sort();
}

function headFrom(batch: Batch): Omit<BatchHead, 'source' | 'scope' | 'request'> {
  const { dataset, account_id, object_id, today, api_version, timezone, currency } = batch;
  return { dataset, account_id, object_id, today, api_version, timezone, currency };
}

function batchOf(lake: Lake, dataset: Dataset, record: QuarantineRecord): Batch {
  const batches = listBatches(lake, dataset, record.account_id);
  const batch = batches.find((one) => one.batch_id === record.batch_id);
  if (batch !== undefined) return batch;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `The answer ${record.batch_id} that record ${record.id} came with is not in landing.`,
    remedy: 'Restore landing from a backup, or land the mended record with `adlake land`.',
  });
}

function parseRecord(record: QuarantineRecord): unknown {
  if (record.row > 0) return JSON.parse(record.record);
  throw new AdlakeError({
    code: 'USAGE',
    message: `${record.id} is a page that cannot be read, so there is no record to mend.`,
    remedy: 'Land a whole copy of the page with `adlake land`, or pull those days again.',
  });
}

function setAt(target: unknown, change: Correction): unknown {
  const names = change.pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  let place: unknown = target;
  for (const name of names) place = (place as Record<string, unknown> | null)?.[name];
  if (last === undefined || typeof place !== 'object' || place === null) {
    throw new AdlakeError({
      code: 'USAGE',
      message: `The pointer ${JSON.stringify(change.pointer)} leads nowhere in the record.`,
      remedy: 'Give a JSON pointer as `adlake quarantine show` prints it, for example /spend.',
    });
  }
  Object.defineProperty(place, last, {
    value: change.value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return target;
}
