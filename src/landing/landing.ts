import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Dataset } from '../dataset.ts';
import type { AnswerFolder } from '../fast/answer.ts';
import { hashOf, listFiles, readIfThere } from '../file.ts';
import type { LoadedBatch } from '../fold/fold.ts';
import { BATCHES, DROPPED_DATASETS } from '../platforms/internal/datasets.ts';
import { ECB_READING, ratesFrom, readEcb } from '../platforms/internal/ecb.ts';
import { batchDir, dropDir, type Lake, landingDir, type Partition } from '../zone.ts';
import { type Batch, readBatchIn, readPage } from './batch.ts';
import { type BatchNote, landedNotes } from './landed-index.ts';

/** One answer in landing that concerns a partition, known by a hash before it is read. */
export interface Arrival {
  /** Changes whenever its content does: part of the fingerprint of the partition's task. */
  readonly fingerprint: string;
  /** Days it speaks of, inclusive; null when it has none. */
  readonly since: string | null;
  readonly until: string | null;
  /** The id that its rows carry in their lineage. */
  readonly batchId: string;
  /** What was asked for, without the pages. */
  readonly head: () => Batch | null;
  /** Reads it; null when it is not whole (a page is missing or was changed). */
  readonly load: () => LoadedBatch | null;
  /** Where its pages lie, which are as they were sent; null when its pages are made when it is read. */
  readonly answer: (() => AnswerFolder | null) | null;
  /** Bytes that `load` reads. */
  readonly bytes: number;
  /** Its name in messages. */
  readonly label: string;
}

/**
 * Everything in landing for one dataset and account, oldest first. Pages are not read yet. What a
 * person dropped by hand comes last, whenever it came: it wins over what a job fetched.
 */
export function arrivalsOf(
  lake: Lake,
  dataset: Dataset,
  from: { readonly accountId: string; readonly among: readonly Dataset[] },
): readonly Arrival[] {
  if (dataset.name === BATCHES.name) return batchLog(lake, from);
  const source = sourceOf(dataset, from.among);
  const folder = landingDir(lake, source, from.accountId);
  const answers = landedNotes(lake, source, from.accountId).map((note) =>
    answer(note, { lake, dataset: source, folder }),
  );
  return [...answers, ...drops(lake, source)];
}

/** The dataset whose answers a dataset is made of: mostly itself. */
export function sourceOf(dataset: Dataset, among: readonly Dataset[]): Dataset {
  if (dataset.versionsOf === undefined) return dataset;
  return among.find(({ name }) => name === dataset.versionsOf) ?? dataset;
}

/** The partition an account-less dataset keeps everything in. */
export function wholePartition(accountId: string): Partition {
  return { account_id: accountId, month: 'all' };
}

interface Source {
  readonly lake: Lake;
  readonly dataset: Dataset;
  /** Folder of the account's batches. */
  readonly folder: string;
}

function answer(note: BatchNote, source: Source): Arrival {
  const head = (): Batch | null => readBatchIn(join(source.folder, note.folder));
  return {
    fingerprint: note.batch_id,
    since: note.since,
    until: note.until,
    label: note.batch_id,
    bytes: note.bytes,
    batchId: note.batch_id,
    head,
    load: () => loadPages(source, head()),
    answer: () => {
      const batch = head();
      return batch === null
        ? null
        : { batch, folder: batchDir(source.lake, source.dataset, batch) };
    },
  };
}

function loadPages({ lake, dataset }: Source, batch: Batch | null): LoadedBatch | null {
  if (batch === null) return null;
  const pages: { readonly file: string; readonly bytes: Buffer }[] = [];
  for (const page of batch.pages) {
    const bytes = readPage(lake, dataset, { batch, page });
    if (bytes === null) return null;
    pages.push({ file: page.file, bytes: asJson(batch, bytes) });
  }
  return { batch, pages };
}

/** Reference rates are published as tables; they land as they came and are read as records here. */
function asJson(batch: Batch, bytes: Buffer): Buffer {
  if (batch.request.reading !== ECB_READING) return bytes;
  try {
    return Buffer.from(JSON.stringify(ratesFrom(readEcb(bytes), batch.scope.since)));
  } catch (error) {
    return Buffer.from(`no reference rates: ${error instanceof Error ? error.message : error}`);
  }
}

/** Every batch of the account, as a record of itself. */
function batchLog(
  lake: Lake,
  from: { readonly accountId: string; readonly among: readonly Dataset[] },
): readonly Arrival[] {
  return from.among
    .filter((dataset) => dataset.platform !== 'internal')
    .flatMap((dataset) => {
      const folder = landingDir(lake, dataset, from.accountId);
      return landedNotes(lake, dataset, from.accountId).map((note) => logEntry(folder, note));
    });
}

/** What a `_batch.json` is about as long as; it is only looked at to tell much work from little. */
const BATCH_FILE_BYTES = 2_000;

function logEntry(folder: string, note: BatchNote): Arrival {
  const read = (): Batch | null => readBatchIn(join(folder, note.folder));
  return {
    fingerprint: note.batch_id,
    since: null,
    until: null,
    label: note.batch_id,
    bytes: BATCH_FILE_BYTES,
    batchId: note.batch_id,
    head: () => withoutDays(read()),
    answer: null,
    load: () => {
      const batch = read();
      const head = withoutDays(batch);
      if (head === null) return null;
      const bytes = Buffer.from(JSON.stringify(batch));
      return { batch: head, pages: [{ file: '_batch.json', bytes }] };
    },
  };
}

function withoutDays(batch: Batch | null): Batch | null {
  if (batch === null) return null;
  return { ...batch, scope: { ...batch.scope, since: null, until: null } };
}

function drops(lake: Lake, dataset: Dataset): readonly Arrival[] {
  return droppedFiles(lake, dataset).map((name) => {
    const bytes = readIfThere(join(dropDir(lake, dataset.name), name)) ?? Buffer.alloc(0);
    return {
      fingerprint: `${name}:${hashOf(bytes)}`,
      since: null,
      until: null,
      label: name,
      bytes: bytes.length,
      batchId: encodeURIComponent(name),
      head: () => dropBatch(dataset, name),
      answer: null,
      load: () => ({
        batch: dropBatch(dataset, name),
        pages: [{ file: encodeURIComponent(name), bytes: csvAsPage(bytes) }],
      }),
    };
  });
}

/** Files a person dropped, in the order of their names: of two that disagree, the later name counts. */
export function droppedFiles(lake: Lake, dataset: Dataset): readonly string[] {
  if (!DROPPED_DATASETS.some(({ name }) => name === dataset.name)) return [];
  return listFiles(dropDir(lake, dataset.name)).filter(
    (name) => name.endsWith('.csv') && !name.startsWith('.'),
  );
}

/** The name is percent-encoded: it goes into lineage, whose values hold no comma and no line break. */
function dropBatch(dataset: Dataset, name: string): Batch {
  return {
    batch_id: encodeURIComponent(name),
    dataset: dataset.name,
    account_id: 'all',
    object_id: null,
    source: 'captured',
    scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: false },
    today: '',
    landed_at: '',
    api_version: null,
    request: {},
    timezone: null,
    currency: null,
    pages: [],
  };
}

/** A CSV as a page of records; a CSV that cannot be read becomes a page that cannot be read. */
function csvAsPage(bytes: Buffer): Buffer {
  try {
    const records: unknown = parse(bytes, { columns: true, bom: true, skip_empty_lines: true });
    return Buffer.from(JSON.stringify(records));
  } catch (error) {
    return Buffer.from(`not a CSV file: ${error instanceof Error ? error.message : error}`);
  }
}
