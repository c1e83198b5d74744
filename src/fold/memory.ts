import { relative } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { hashOf, readIfThere } from '../file.ts';
import type { Arrival } from '../landing/landing.ts';
import { parseQuarantine } from '../quarantine.ts';
import type { FoldMemory, OutputFile } from '../stage.ts';
import { type Lake, lineageFile, type Partition, quarantineFile, rawFile } from '../zone.ts';
import type { FoldStart } from './fold.ts';
import { type RawRow, rowAgain } from './judge.ts';
import { formatLineage, LINEAGE_COLUMNS, parseLineage } from './lineage.ts';
import type { Pending, Tallied } from './tally.ts';

/** A partition and everything in landing that concerns it, oldest first. */
export interface FoldPlace {
  readonly dataset: Dataset;
  readonly partition: Partition;
  readonly arrivals: readonly Arrival[];
}

/** Where a fold goes on, and how many of the oldest arrivals are in it already. */
export interface RecalledFold extends FoldStart {
  readonly arrivals: number;
}

/** Where a fold goes on whose rows are not made again: they are read from the files that it left. */
export interface FiledFold extends Omit<RecalledFold, 'rows'> {
  readonly files: RawFiles;
}

/** What a fold left in raw: its rows, and where each came from, line by line. */
export interface RawFiles {
  readonly accountId: string;
  readonly lines: RecordedFile;
  readonly lineage: RecordedFile;
}

/** A file as it was recorded when it was written; its path is absolute. */
export type RecordedFile = Pick<OutputFile, 'path' | 'sha256' | 'bytes' | 'rows'>;

/**
 * What has to be remembered of a fold whose files have just been written; null when its rows cannot
 * be made again from their lines, because an answer names another account than its folder.
 */
export function rememberFold(
  lake: Lake,
  place: FoldPlace,
  folded: Tallied & { readonly isRecallable: boolean },
): FoldMemory | null {
  if (!folded.isRecallable) return null;
  const refused = readIfThere(quarantineFile(lake, 'raw', place));
  return {
    arrivals: place.arrivals.length,
    superseded: folded.counts.superseded,
    withdrawn: folded.counts.withdrawn,
    quarantine: refused === null ? null : hashOf(refused),
    refused: folded.pending.map(({ record, key }) => [record.id, key] as const),
    drift: [...folded.drift],
  };
}

/** Whether every row is of its partition's account. */
export function isOfAccount(place: Omit<FoldPlace, 'arrivals'>, rows: readonly RawRow[]): boolean {
  const account = place.dataset.key.findIndex((part) => part.from === 'account');
  return account === -1 || rows.every((row) => row.key[account] === place.partition.account_id);
}

/**
 * Reads back what a fold left: rows from raw and its sidecar, refused records from quarantine. Null
 * at any doubt, so that everything is folded again: a file whose hash is not the recorded one, a key
 * that cannot be told from a row, an answer that is gone.
 */
export function recallFold(lake: Lake, from: Remembered): RecalledFold | null {
  const rows = recallRows(lake, from);
  const pending = recallPending(lake, from);
  if (rows === null || pending === null) return null;
  return { rows, ...startWith(from, rows.length, pending) };
}

/** A fold that is done, with what was remembered of it and the files that it left. */
export interface Remembered extends FoldPlace {
  readonly memory: FoldMemory;
  readonly outputs: readonly OutputFile[];
}

/**
 * As `recallFold`, with the rows left in their files, to be read when they are folded. Null at any doubt, and
 * when there are none.
 */
export function recallFiled(lake: Lake, from: Remembered): FiledFold | null {
  const lines = recorded(lake, rawFile(lake, from.dataset, from.partition), from.outputs);
  const lineage = recorded(lake, lineageFile(lake, from.dataset, from.partition), from.outputs);
  const pending = recallPending(lake, from);
  if (lines === null || lineage === null || pending === null) return null;
  const files = { accountId: from.partition.account_id, lines, lineage };
  return { files, ...startWith(from, lines.rows, pending) };
}

function recorded(lake: Lake, path: string, outputs: readonly OutputFile[]): RecordedFile | null {
  const name = relative(lake.home, path);
  const output = outputs.find((each) => each.path === name);
  return output === undefined ? null : { ...output, path };
}

function startWith(
  { memory }: Remembered,
  rows: number,
  pending: readonly Pending[],
): Omit<RecalledFold, 'rows'> {
  const { superseded, withdrawn } = memory;
  const counts = {
    in: rows + pending.length + superseded + withdrawn,
    added: 0,
    out: rows,
    quarantined: pending.length,
    superseded,
    withdrawn,
  };
  return { pending, counts, drift: new Map(memory.drift), arrivals: memory.arrivals };
}

function recallRows(
  lake: Lake,
  from: FoldPlace & { readonly outputs: readonly OutputFile[] },
): readonly RawRow[] | null {
  const lines = recallLines(lake, rawFile(lake, from.dataset, from.partition), from.outputs);
  const sidecar = recallLines(lake, lineageFile(lake, from.dataset, from.partition), from.outputs);
  if (lines === null || sidecar === null) return null;
  const [columns, ...origins] = sidecar;
  if (columns === undefined) return lines.length === 0 ? [] : null;
  if (columns !== LINEAGE_COLUMNS.join(',') || origins.length !== lines.length) return null;
  const rows: RawRow[] = [];
  for (const [index, line] of lines.entries()) {
    const row = recallRow(from, line, origins[index] ?? '');
    if (row === null) return null;
    rows.push(row);
  }
  return rows;
}

/** The lines of a file that has the hash recorded for it; none when it is not there and never was. */
function recallLines(
  lake: Lake,
  path: string,
  outputs: readonly OutputFile[],
): readonly string[] | null {
  const name = relative(lake.home, path);
  const recorded = outputs.find((output) => output.path === name);
  const bytes = readIfThere(path);
  if (bytes === null || recorded === undefined) {
    return bytes === null && recorded === undefined ? [] : null;
  }
  if (bytes.length !== recorded.bytes || hashOf(bytes) !== recorded.sha256) return null;
  return bytes.toString('utf8').slice(0, -1).split('\n');
}

function recallRow(place: FoldPlace, line: string, origin: string): RawRow | null {
  const lineage = parseLineage(origin);
  const isKeyedByObject = place.dataset.key.some((part) => part.from === 'object');
  if (isKeyedByObject && lineage.object_id === '') return null;
  if (formatLineage(lineage) !== origin) return null;
  return rowAgain(place.dataset, { line, lineage, accountId: place.partition.account_id });
}

function recallPending(
  lake: Lake,
  from: FoldPlace & { readonly memory: FoldMemory },
): readonly Pending[] | null {
  const bytes = readIfThere(quarantineFile(lake, 'raw', from));
  if ((bytes === null ? null : hashOf(bytes)) !== from.memory.quarantine) return null;
  const byId = new Map(parseQuarantine(bytes).map((record) => [record.id, record]));
  if (byId.size !== from.memory.refused.length) return null;
  const pending: Pending[] = [];
  for (const [id, key] of from.memory.refused) {
    const record = byId.get(id);
    const head = from.arrivals.find(({ batchId }) => batchId === record?.batch_id)?.head() ?? null;
    if (record === undefined || head === null) return null;
    pending.push({ record, key, from: head });
  }
  return pending;
}
