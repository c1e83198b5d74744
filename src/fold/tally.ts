import type { Violation } from '../contract.ts';
import { type Batch, campaignInScope } from '../landing/batch.ts';
import { type QuarantineRecord, quarantineRecord } from '../quarantine.ts';
import type { RowCounts } from '../stage.ts';
import type { Partition } from '../zone.ts';
import { fallbackMonth, type JudgeInput } from './judge.ts';

/** What is folded, and by which contract. */
export interface FoldInput extends JudgeInput {
  readonly partition: Partition;
}

/** A refused record that nothing has made good yet. */
export interface Pending {
  readonly record: QuarantineRecord;
  /** Natural key; null when it cannot be told. */
  readonly key: string | null;
  /** What was asked for when it came. */
  readonly from: Batch;
}

/** What a fold did with the records, beside the rows that it kept. */
export interface Tallied {
  readonly quarantined: readonly QuarantineRecord[];
  /** The same records with what decides when they leave quarantine, in fold order. */
  readonly pending: readonly Pending[];
  readonly counts: RowCounts;
  /** Fields the contract does not know, with how many records had each. */
  readonly drift: ReadonlyMap<string, number>;
}

/** What an answer brought. */
export interface Incoming {
  readonly batch: Batch;
  /** Whether it has a good row of this key. */
  readonly has: (key: string) => boolean;
  /** False when something was refused whose key cannot be told: then nothing is withdrawn. */
  readonly mayWithdraw: boolean;
}

/** Counts every record that passes, so that the row accounting can be checked at the end. */
export class Tally {
  superseded = 0;
  withdrawn = 0;
  private read = 0;
  private pending: Pending[] = [];
  private readonly drift: Map<string, number> = new Map();
  private readonly input: FoldInput;

  /** `start`: what folding all earlier answers gave, or null. */
  constructor(input: FoldInput, start: Pick<Tallied, 'pending' | 'counts' | 'drift'> | null) {
    this.input = input;
    if (start === null) return;
    this.read = start.counts.in;
    this.superseded = start.counts.superseded;
    this.withdrawn = start.counts.withdrawn;
    this.pending = [...start.pending];
    this.drift = new Map(start.drift);
  }

  /** Counts a record of the partition, with the fields of it that nobody knows. */
  count(unknownFields: readonly string[]): void {
    this.read++;
    this.note(unknownFields);
  }

  /** Notes fields of a record that is counted elsewhere. */
  note(unknownFields: readonly string[]): void {
    for (const name of unknownFields) this.drift.set(name, (this.drift.get(name) ?? 0) + 1);
  }

  /**
   * Takes out of quarantine what this later answer made good: a mended copy, a valid row of the same
   * key, or a whole clean answer to the same question.
   */
  heal(incoming: Incoming): void {
    const open = this.pending.filter(
      (one) => one.from === incoming.batch || !isHealed(one, incoming),
    );
    this.superseded += this.pending.length - open.length;
    this.pending = open;
  }

  refuse(pending: Pending): void {
    this.pending.push(pending);
  }

  /** Refuses one of two records with the same key in one answer. */
  refuseTwin(
    twin: { readonly page: string; readonly row: number; readonly line: string },
    of: { readonly key: string; readonly batch: Batch },
  ): void {
    const { page, row, line } = twin;
    const record = this.quarantineOf(of.batch, { page, row, record: line, reason: TWICE });
    this.pending.push({ record, key: of.key, from: of.batch });
  }

  /** Refuses a page that cannot be read, in the month its answer begins in. */
  refusePage(
    batch: Batch,
    page: { readonly file: string; readonly reason: string; readonly bytes: Buffer },
  ): void {
    if (fallbackMonth(batch) !== this.input.partition.month) return;
    this.read++;
    const shown = page.bytes.subarray(0, QUARANTINED_PAGE_BYTES).toString('utf8');
    const { file, reason } = page;
    const record = this.quarantineOf(batch, { page: file, row: 0, record: shown, reason });
    this.pending.push({ record, key: null, from: batch });
  }

  /** What became of all records, when `out` rows were kept. */
  result(out: number): Tallied {
    const counts: RowCounts = {
      in: this.read,
      added: 0,
      out,
      quarantined: this.pending.length,
      superseded: this.superseded,
      withdrawn: this.withdrawn,
    };
    const quarantined = this.pending.map((one) => one.record);
    return { quarantined, pending: this.pending, counts, drift: this.drift };
  }

  private quarantineOf(
    batch: Batch,
    of: {
      readonly page: string;
      readonly row: number;
      readonly record: string;
      readonly reason: string;
    },
  ): QuarantineRecord {
    const violations: readonly Violation[] = [{ pointer: '', reason: of.reason }];
    return quarantineRecord({
      dataset: this.input.dataset.name,
      zone: 'raw',
      account_id: this.input.partition.account_id,
      batch_id: batch.batch_id,
      page: of.page,
      row: of.row,
      violations,
      record: of.record,
    });
  }
}

const TWICE = 'the same natural key came twice in one answer, with different content';

/** How much of an unreadable page is shown in quarantine; the whole of it stays in landing. */
export const QUARANTINED_PAGE_BYTES = 2_000;

function isHealed(one: Pending, by: Incoming): boolean {
  if (by.batch.request.corrects === one.record.id) return true;
  if (one.key !== null) return by.has(one.key);
  const asked = one.from.scope;
  const again = by.batch.scope;
  return (
    again.complete &&
    again.missing === undefined &&
    by.mayWithdraw &&
    by.batch.object_id === one.from.object_id &&
    (again.since ?? '') <= (asked.since ?? '') &&
    (again.until ?? '') >= (asked.until ?? '') &&
    (again.campaigns.kind === 'all' ||
      JSON.stringify(again.campaigns) === JSON.stringify(asked.campaigns))
  );
}

/** Rows of a campaign of which something could not be had: what is known of it stays. */
export function isMissing({ scope }: Batch, campaign: string | null): boolean {
  return (scope.missing ?? []).some(
    ({ campaigns, fields }) => fields === null && campaignInScope(campaigns, campaign),
  );
}
