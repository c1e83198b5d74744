import { type Batch, campaignInScope } from '../landing/batch.ts';
import type { Accepted, Judged, RawRow } from './judge.ts';
import { judgePage } from './judge-page.ts';
import { type FoldInput, isMissing, type Tallied, Tally } from './tally.ts';

/** Pages of a batch as read from landing, their hashes checked. */
export interface LoadedBatch {
  readonly batch: Batch;
  readonly pages: readonly { readonly file: string; readonly bytes: Buffer }[];
}

/** What folding gave. */
export interface Folded extends Tallied {
  /** Sorted by natural key. */
  readonly rows: readonly RawRow[];
}

/** Where a fold goes on: what folding all earlier batches gave. */
export type FoldStart = Pick<Folded, 'rows' | 'pending' | 'counts' | 'drift'>;

interface BatchRows {
  readonly rows: Map<string, RawRow>;
  /** Keys of records that were sent and refused: what is known of them stays. */
  readonly protectedKeys: ReadonlySet<string>;
  /** False when something was refused whose key cannot be told: then nothing is withdrawn. */
  readonly mayWithdraw: boolean;
}

/**
 * Folds batches, oldest first, into the rows of one partition. A batch replaces exactly what it asked
 * for: rows it brings replace rows of the same key; rows in its scope that it does not bring are
 * withdrawn, when the answer is complete and the dataset holds facts. The result depends on the
 * batches alone, not on the order of pages or rows inside them. With `start`, what folding all
 * batches before these gave, the result is that of folding all of them. `fast/fold.ts` does the same by
 * bytes.
 */
export function fold(
  input: FoldInput,
  batches: Iterable<LoadedBatch>,
  start: FoldStart | null = null,
): Folded {
  const state = new Map(start?.rows.map((row) => [JSON.stringify(row.key), row]));
  const tally = new Tally(input, start);
  for (const loaded of batches) {
    const { batch } = loaded;
    const incoming = take({ input, tally }, loaded);
    const { rows, mayWithdraw } = incoming;
    tally.heal({ batch, has: (key) => rows.has(key), mayWithdraw });
    if (mayWithdraw && batch.scope.complete && input.dataset.fold === 'fact') {
      tally.withdrawn += withdraw(state, incoming, batch);
    }
    for (const [key, row] of rows) {
      if (state.has(key)) tally.superseded++;
      state.set(key, row);
    }
  }
  const rows = sorted([...state.values()]);
  return { rows, ...tally.result(rows.length) };
}

/** Judges every record of a batch and keeps those of this partition. */
function take(
  into: { readonly input: FoldInput; readonly tally: Tally },
  { batch, pages }: LoadedBatch,
): BatchRows {
  const { input, tally } = into;
  const rows = new Map<string, RawRow>();
  const protectedKeys = new Set<string>();
  let mayWithdraw = true;
  for (const page of pages) {
    const content = judgePage(input, batch, page);
    if (!content.ok) {
      mayWithdraw = false;
      tally.refusePage(batch, { ...page, reason: content.reason });
      continue;
    }
    for (const judged of content.judged) {
      if (judged.kind === 'refused' && judged.key === null) mayWithdraw = false;
      if (judged.kind === 'refused' && judged.key !== null) protectedKeys.add(judged.key);
      if (judged.month === input.partition.month) keep(judged, { tally, rows, batch });
    }
  }
  return { rows, protectedKeys, mayWithdraw };
}

function keep(
  judged: Judged,
  into: { readonly tally: Tally; readonly rows: Map<string, RawRow>; readonly batch: Batch },
): void {
  const { tally, rows, batch } = into;
  tally.count(judged.unknownFields);
  if (judged.kind === 'refused') {
    tally.refuse({ record: judged.record, key: judged.key, from: batch });
    return;
  }
  const twin = rows.get(judged.key);
  if (twin === undefined) rows.set(judged.key, judged.row);
  else if (twin.line === judged.row.line) tally.superseded++;
  else keepOne(judged, { twin, ...into });
}

/**
 * The same key twice in one answer with different content: which one is right cannot be told, so
 * the choice must at least not depend on the order they came in.
 */
function keepOne(
  { key, row }: Accepted,
  among: {
    readonly twin: RawRow;
    readonly tally: Tally;
    readonly rows: Map<string, RawRow>;
    readonly batch: Batch;
  },
): void {
  const { twin, tally, rows, batch } = among;
  const winner = row.line > twin.line ? row : twin;
  rows.set(key, winner);
  const { lineage, line } = winner === twin ? row : twin;
  tally.refuseTwin({ page: lineage.page, row: lineage.row, line }, { key, batch });
}

/** Answers mostly come in order, and to see that costs less than to sort. */
function sorted(rows: RawRow[]): readonly RawRow[] {
  const isSorted = rows.every((row, at) => at === 0 || byKey(rows[at - 1] ?? row, row) <= 0);
  return isSorted ? rows : rows.sort(byKey);
}

/** Compares natural keys part by part, by code unit; null comes first. */
export function byKey(left: Pick<RawRow, 'key'>, right: Pick<RawRow, 'key'>): number {
  for (let part = 0; part < left.key.length; part++) {
    const a = left.key[part] ?? null;
    const b = right.key[part] ?? null;
    if (a === b) continue;
    if (a === null) return -1;
    if (b === null) return 1;
    return a < b ? -1 : 1;
  }
  return 0;
}

function withdraw(state: Map<string, RawRow>, incoming: BatchRows, batch: Batch): number {
  let count = 0;
  for (const [key, row] of state) {
    if (incoming.rows.has(key) || incoming.protectedKeys.has(key)) continue;
    if (!isInScope(row, batch)) continue;
    state.delete(key);
    count++;
  }
  return count;
}

function isInScope(row: RawRow, batch: Batch): boolean {
  const { since, until, campaigns } = batch.scope;
  if (since === null || until === null || row.day === null) return false;
  const isSameObject = row.lineage.object_id === (batch.object_id ?? '');
  return (
    isSameObject &&
    row.day >= since &&
    row.day <= until &&
    campaignInScope(campaigns, row.campaign) &&
    !isMissing(batch, row.campaign)
  );
}
