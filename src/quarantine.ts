import { join } from 'node:path';
import type { Violation } from './contract.ts';
import { type Dataset, modeOf } from './dataset.ts';
import { AdlakeError } from './errors.ts';
import {
  hashOf,
  listFiles,
  listFolders,
  readIfThere,
  removeIfThere,
  writeIfChanged,
} from './file.ts';
import type { Selection } from './stage.ts';
import { type Lake, type QuarantineAddress, quarantineFile, zoneDir } from './zone.ts';

/** A record that a contract refused, with where it came from and why. */
export interface QuarantineRecord {
  /** Stable: the same refused record keeps its id from run to run. */
  readonly id: string;
  readonly dataset: string;
  /** The zone whose contract refused it. */
  readonly zone: 'raw' | 'staging';
  readonly account_id: string;
  readonly batch_id: string;
  readonly page: string;
  /** Place of the record in its page, from 1; 0 when the page as a whole could not be read. */
  readonly row: number;
  /** JSON pointer and reason of the first violation; the rest are in `violations`. */
  readonly pointer: string;
  readonly reason: string;
  readonly violations: readonly Violation[];
  /** The record's JSON text as sent; for an unreadable page, the start of its bytes. */
  readonly record: string;
}

/** Makes a quarantine record; the id is derived from its place and its reasons. */
export function quarantineRecord(
  content: Omit<QuarantineRecord, 'id' | 'pointer' | 'reason'>,
): QuarantineRecord {
  const place = [content.zone, content.dataset, content.batch_id, content.page, content.row];
  const first = content.violations[0];
  return {
    id: hashOf(Buffer.from(JSON.stringify([place, content.record]))).slice(0, 12),
    dataset: content.dataset,
    zone: content.zone,
    account_id: content.account_id,
    batch_id: content.batch_id,
    page: content.page,
    row: content.row,
    pointer: first?.pointer ?? '',
    reason: first?.reason ?? '',
    violations: content.violations,
    record: content.record,
  };
}

/**
 * Replaces the quarantine file of a partition by exactly these records; no records, no file. Gives
 * true when something changed on disk.
 */
export function writeQuarantine(
  lake: Lake,
  zone: 'raw' | 'staging',
  input: QuarantineAddress & { readonly records: readonly QuarantineRecord[] },
): boolean {
  const path = quarantineFile(lake, zone, input);
  if (input.records.length === 0) return removeIfThere(path);
  const lines = [...input.records]
    .sort((left, right) => (left.id < right.id ? -1 : Number(left.id > right.id)))
    .map((record) => JSON.stringify(record));
  return writeIfChanged(path, Buffer.from(`${lines.join('\n')}\n`), modeOf(input.dataset));
}

/**
 * Every quarantined record of the selected accounts and datasets, in a stable order. Throws
 * `FILE_UNREADABLE` when a file was damaged.
 */
export function listQuarantine(lake: Lake, selection: Selection): readonly QuarantineRecord[] {
  const root = zoneDir(lake, 'quarantine');
  return ['raw', 'staging']
    .flatMap((zone) => foldersBelow(join(root, zone), 3))
    .flatMap((folder) => listFiles(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.ndjson'))
    .flatMap(recordsAt)
    .filter((record) => isSelected(record, selection));
}

/** The quarantined record with this id (or the only one whose id starts with it), or null. */
export function findQuarantined(lake: Lake, id: string): QuarantineRecord | null {
  const found = listQuarantine(lake, {}).filter((record) => record.id.startsWith(id));
  return found.length === 1 || found[0]?.id === id ? (found[0] ?? null) : null;
}

/** The dataset of a quarantined record. */
export function datasetOf(
  record: QuarantineRecord,
  datasets: readonly Dataset[],
): Dataset | undefined {
  return datasets.find((dataset) => dataset.name === record.dataset);
}

function foldersBelow(folder: string, depth: number): readonly string[] {
  if (depth === 0) return [folder];
  return listFolders(folder).flatMap((name) => foldersBelow(join(folder, name), depth - 1));
}

function recordsAt(path: string): readonly QuarantineRecord[] {
  try {
    const records = parseQuarantine(readIfThere(path));
    if (records.every(isWhole)) return records;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${path} holds something that is no record of quarantine.`,
    remedy: 'Run `adlake repair`: it makes quarantine again from landing.',
  });
}

const TEXTS = [
  'id',
  'dataset',
  'zone',
  'account_id',
  'batch_id',
  'page',
  'reason',
  'record',
] as const;

function isWhole(record: Readonly<Record<string, unknown>> | QuarantineRecord | null): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const fields = record as Readonly<Record<string, unknown>>;
  const isText = TEXTS.every((name) => typeof fields[name] === 'string');
  return isText && Array.isArray(fields.violations);
}

/** The records of a quarantine file, in its order; none when there is no file. */
export function parseQuarantine(bytes: Buffer | null): readonly QuarantineRecord[] {
  const text = bytes?.toString('utf8') ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as QuarantineRecord);
}

function isSelected(record: QuarantineRecord, selection: Selection): boolean {
  return (
    (selection.accounts?.includes(record.account_id) ?? true) &&
    (selection.datasets?.includes(record.dataset) ?? true)
  );
}
