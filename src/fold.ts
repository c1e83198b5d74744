import { type Batch, campaignInScope } from './batch.ts';
import type { Violation } from './contract.ts';
import type { Engine } from './engine.ts';
import {
  type Accepted,
  fallbackMonth,
  type Judged,
  type JudgeInput,
  type RawRow,
} from './judge.ts';
import { judgePage } from './judge-page.ts';
import { type QuarantineRecord, quarantineRecord } from './quarantine.ts';
import type { RowCounts } from './stage.ts';
import type { Partition } from './zone.ts';

/** Pages of a batch as read from landing; `bytes` is null when their hash does not agree. */
export interface LoadedBatch {
  readonly batch: Batch;
  readonly pages: readonly { readonly file: string; readonly bytes: Buffer }[];
}

/** What folding gave. */
export interface Folded {
  /** Sorted by natural key. */
  readonly rows: readonly RawRow[];
  readonly quarantined: readonly QuarantineRecord[];
  /** The same records with what decides when they leave quarantine, in fold order. */
  readonly pending: readonly Pending[];
  readonly counts: RowCounts;
  /** Fields the contract does not know, with how many records had each. */
  readonly drift: ReadonlyMap<string, number>;
}

/** Where a fold goes on: what folding all earlier batches gave. */
export type FoldStart = Pick<Folded, 'rows' | 'pending' | 'counts' | 'drift'>;

/** A refused record that nothing has made good yet. */
export interface Pending {
  readonly record: QuarantineRecord;
  /** Natural key; null when it cannot be told. */
  readonly key: string | null;
  /** What was asked for when it came. */
  readonly from: Batch;
}

/** What is folded, and by which contract. */
export interface FoldInput extends JudgeInput {
  readonly partition: Partition;
  /** `fast` when nothing is said. Both give the same. */
  readonly engine?: Engine;
}

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
 * batches before these gave, the result is that of folding all of them.
 */
export function fold(
  input: FoldInput,
  batches: Iterable<LoadedBatch>,
  start: FoldStart | null = null,
): Folded {
  const state = new Map(start?.rows.map((row) => [JSON.stringify(row.key), row]));
  const tally = new Tally(input, start);
  for (const loaded of batches) {
    const incoming = tally.take(loaded);
    tally.heal(incoming, loaded.batch);
    if (incoming.mayWithdraw && loaded.batch.scope.complete && input.dataset.fold === 'fact') {
      tally.withdrawn += withdraw(state, incoming, loaded.batch);
    }
    for (const [key, row] of incoming.rows) {
      if (state.has(key)) tally.superseded++;
      state.set(key, row);
    }
  }
  return tally.result(sorted([...state.values()]));
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

/** Rows of a campaign of which something could not be had: what is known of it stays. */
function isMissing({ scope }: Batch, campaign: string | null): boolean {
  return (scope.missing ?? []).some(
    ({ campaigns, fields }) => fields === null && campaignInScope(campaigns, campaign),
  );
}

function isHealed(
  one: Pending,
  by: { readonly incoming: BatchRows; readonly batch: Batch },
): boolean {
  if (by.batch.request.corrects === one.record.id) return true;
  if (one.key !== null) return by.incoming.rows.has(one.key);
  const asked = one.from.scope;
  const again = by.batch.scope;
  return (
    again.complete &&
    again.missing === undefined &&
    by.incoming.mayWithdraw &&
    by.batch.object_id === one.from.object_id &&
    (again.since ?? '') <= (asked.since ?? '') &&
    (again.until ?? '') >= (asked.until ?? '') &&
    (again.campaigns.kind === 'all' ||
      JSON.stringify(again.campaigns) === JSON.stringify(asked.campaigns))
  );
}

/** Counts every record that passes, so that the row accounting can be checked at the end. */
class Tally {
  superseded = 0;
  withdrawn = 0;
  private read = 0;
  private pending: Pending[] = [];
  private readonly drift: Map<string, number> = new Map();
  private readonly input: FoldInput;

  constructor(input: FoldInput, start: FoldStart | null) {
    this.input = input;
    if (start === null) return;
    this.read = start.counts.in;
    this.superseded = start.counts.superseded;
    this.withdrawn = start.counts.withdrawn;
    this.pending = [...start.pending];
    this.drift = new Map(start.drift);
  }

  /**
   * Takes out of quarantine what this later batch made good: a mended copy, a valid row of the same
   * key, or a whole clean answer to the same question.
   */
  heal(incoming: BatchRows, batch: Batch): void {
    const open = this.pending.filter(
      (one) => one.from === batch || !isHealed(one, { incoming, batch }),
    );
    this.superseded += this.pending.length - open.length;
    this.pending = open;
  }

  /** Judges every record of a batch and keeps those of this partition. */
  take(loaded: LoadedBatch): BatchRows {
    const rows = new Map<string, RawRow>();
    const protectedKeys = new Set<string>();
    let mayWithdraw = true;
    for (const page of loaded.pages) {
      const content = judgePage(this.input, loaded.batch, page);
      if (!content.ok) {
        mayWithdraw = false;
        this.refusePage(loaded.batch, { ...page, reason: content.reason });
        continue;
      }
      for (const judged of content.judged) {
        if (judged.kind === 'refused' && judged.key === null) mayWithdraw = false;
        if (judged.kind === 'refused' && judged.key !== null) protectedKeys.add(judged.key);
        if (judged.month === this.input.partition.month)
          this.keep(judged, { rows, batch: loaded.batch });
      }
    }
    return { rows, protectedKeys, mayWithdraw };
  }

  result(rows: readonly RawRow[]): Folded {
    const counts: RowCounts = {
      in: this.read,
      added: 0,
      out: rows.length,
      quarantined: this.pending.length,
      superseded: this.superseded,
      withdrawn: this.withdrawn,
    };
    const quarantined = this.pending.map((one) => one.record);
    return { rows, quarantined, pending: this.pending, counts, drift: this.drift };
  }

  private keep(
    judged: Judged,
    into: { readonly rows: Map<string, RawRow>; readonly batch: Batch },
  ): void {
    this.read++;
    for (const name of judged.unknownFields) {
      this.drift.set(name, (this.drift.get(name) ?? 0) + 1);
    }
    if (judged.kind === 'refused') {
      this.pending.push({ record: judged.record, key: judged.key, from: into.batch });
      return;
    }
    const twin = into.rows.get(judged.key);
    if (twin === undefined) into.rows.set(judged.key, judged.row);
    else if (twin.line === judged.row.line) this.superseded++;
    else this.keepOne(judged, { twin, ...into });
  }

  /**
   * The same key twice in one answer with different content: which one is right cannot be told, so
   * the choice must at least not depend on the order they came in.
   */
  private keepOne(
    judged: Accepted,
    among: {
      readonly twin: RawRow;
      readonly rows: Map<string, RawRow>;
      readonly batch: Batch;
    },
  ): void {
    const winner = judged.row.line > among.twin.line ? judged.row : among.twin;
    const loser = winner === among.twin ? judged.row : among.twin;
    among.rows.set(judged.key, winner);
    const reason = 'the same natural key came twice in one answer, with different content';
    const record = this.quarantineOf(loser, [{ pointer: '', reason }]);
    this.pending.push({ record, key: judged.key, from: among.batch });
  }

  private quarantineOf(row: RawRow, violations: readonly Violation[]): QuarantineRecord {
    return quarantineRecord({
      dataset: this.input.dataset.name,
      zone: 'raw',
      account_id: this.input.partition.account_id,
      batch_id: row.lineage.batch_id,
      page: row.lineage.page,
      row: row.lineage.row,
      violations,
      record: row.line,
    });
  }

  private refusePage(
    batch: Batch,
    page: { readonly file: string; readonly reason: string; readonly bytes: Buffer },
  ): void {
    if (fallbackMonth(batch) !== this.input.partition.month) return;
    this.read++;
    const record = quarantineRecord({
      dataset: this.input.dataset.name,
      zone: 'raw',
      account_id: this.input.partition.account_id,
      batch_id: batch.batch_id,
      page: page.file,
      row: 0,
      violations: [{ pointer: '', reason: page.reason }],
      record: page.bytes.subarray(0, QUARANTINED_PAGE_BYTES).toString('utf8'),
    });
    this.pending.push({ record, key: null, from: batch });
  }
}

/** How much of an unreadable page is shown in quarantine; the whole of it stays in landing. */
const QUARANTINED_PAGE_BYTES = 2_000;
