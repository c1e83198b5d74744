import type { Dataset } from './dataset.ts';
import type { Engine } from './engine.ts';
import type { Progress, StageName } from './progress.ts';
import type { Unchanged } from './task/unchanged.ts';
import type { Lake, Partition } from './zone.ts';

/** Where every row of a task went. Adds up: in + added = out + quarantined + superseded + withdrawn. */
export interface RowCounts {
  /** Records read. */
  readonly in: number;
  /** Rows a record brought beyond its first (a record may become many rows, or none: negative). */
  readonly added: number;
  readonly out: number;
  readonly quarantined: number;
  /** Replaced by a later answer to the same question, or an exact repetition of a row. */
  readonly superseded: number;
  /** In the scope of a later complete answer, and not in it. */
  readonly withdrawn: number;
}

/** A file a task is responsible for, relative to the lake's home. */
export interface OutputFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** False when the bytes on disk were already these and nothing was written. */
  readonly changed: boolean;
  /** What tells whether its rows are the same without making the file again, where that is known. */
  readonly digest?: string;
}

/** A unit of work: one dataset's partition (or one curated model) in one stage. */
export interface Task {
  /** Unique and stable: `<stage>/<dataset>/<partition>`. */
  readonly id: string;
  readonly stage: StageName;
  readonly dataset: string;
  readonly partition: Partition | null;
  /** SHA-256 over the inputs' hashes, the contract and the version of the stage or SQL; never times. */
  readonly fingerprint: string;
  /** `missing`: no output yet; `stale`: inputs, contract or code changed; `fresh`: nothing to do. */
  readonly state: 'fresh' | 'stale' | 'missing';
  /** Bytes it will read, as far as its stage knows before it is done; 0 when it does not say. */
  readonly bytes: number;
}

/** What a stage has to do. */
export interface Due {
  readonly tasks: readonly Task[];
  /** How many tasks have nothing to do. */
  readonly fresh: number;
}

/** What executing a task gave. */
export interface TaskOutcome {
  readonly counts: RowCounts;
  readonly outputs: readonly OutputFile[];
  /** Sentences for the summary: drift seen, batches ignored, and the like. */
  readonly notes: readonly string[];
  /** Fields that came and that the contract does not know; absent when none did. */
  readonly drift?: { readonly dataset: string; readonly fields: readonly string[] };
  /** False when something asked to be looked at again (a page whose hash is wrong): never fresh. */
  readonly isFinal: boolean;
  /** What the stage wants to be told when the task is due again. */
  readonly memory?: FoldMemory | null;
}

/** What a fold remembers beside the files it wrote, so that only what is new need be folded again. */
export interface FoldMemory {
  /** How many arrivals the files hold: the oldest of the partition, in order. */
  readonly arrivals: number;
  /** Rows superseded and withdrawn so far. */
  readonly superseded: number;
  readonly withdrawn: number;
  /** SHA-256 of the partition's quarantine file, or null when there is none. */
  readonly quarantine: string | null;
  /** Id of each record in quarantine and its natural key (null when it has none), in fold order. */
  readonly refused: ReadonlyArray<readonly [id: string, key: string | null]>;
  /** Fields the contract does not know, with how many records had each. */
  readonly drift: ReadonlyArray<readonly [field: string, records: number]>;
}

/** Narrows a run to one account, dataset or month span. */
export interface Selection {
  readonly accounts?: readonly string[];
  readonly datasets?: readonly string[];
  /** Days, inclusive: partitions whose month holds none of them are left alone. */
  readonly since?: string;
  readonly until?: string;
}

/** True when the selection takes what is of the account: digits, or `all`, which is of every one. */
export function isAccountSelected({ accounts }: Selection, account: string): boolean {
  return account === 'all' || (accounts?.includes(account) ?? true);
}

/** True when the selection takes partitions of the month: `YYYY-MM`, or `all`, which holds every day. */
export function isMonthSelected({ since, until }: Selection, month: string): boolean {
  if (month === 'all') return true;
  return month >= (since?.slice(0, 7) ?? month) && month <= (until?.slice(0, 7) ?? month);
}

/** What every stage is given. */
export interface StageContext {
  readonly lake: Lake;
  readonly datasets: readonly Dataset[];
  readonly selection: Selection;
  readonly progress: Progress;
  /** Outputs of tasks already recorded, by task id: how a stage learns its inputs' hashes. */
  readonly outputsOf: (taskId: string) => readonly OutputFile[];
  /** The recorded fingerprint of a task, or null. */
  readonly fingerprintOf: (taskId: string) => string | null;
  /** What a task asked to remember when it was done last, or null. */
  readonly memoryOf: (taskId: string) => FoldMemory | null;
  /** Checks of `src/sql/checks` that hold a curated table back when they fail; none when absent. */
  readonly blockingChecks?: readonly string[];
  /** Tables are made with little memory, where they are not too large for it. */
  readonly isSparing?: boolean;
  /** A month with larger files is made in parts; as memory allows when nothing is said. */
  readonly partBytes?: number;
  /** How records are read; `fast` when nothing is said. Both give the same bytes. */
  readonly engine?: Engine;
}

/** A stage after landing: a value that can list its tasks and do one of them. */
export interface Stage {
  readonly name: StageName;
  readonly kind: 'record' | 'sql';
  readonly input: 'landing' | 'raw' | 'staging';
  readonly output: 'raw' | 'staging' | 'curated';
  /** What there is to do, in order, with each task's state. Reads, writes nothing. */
  readonly plan: (context: StageContext) => Promise<readonly Task[]>;
  /** Those of them that are to be done. Where nothing changed since it was looked at last, it is not again. */
  readonly due: (context: StageContext, unchanged: Unchanged) => Promise<Due>;
  /** True when `execute` needs what `plan` or `due` found in the same context. */
  readonly needsPlan: boolean;
  /** Does one task: its outputs are whole on disk when this ends, or as they were. */
  readonly execute: (context: StageContext, task: Task) => Promise<TaskOutcome>;
}

/** Counts of nothing, to start a sum from. */
export const NO_ROWS: RowCounts = {
  in: 0,
  added: 0,
  out: 0,
  quarantined: 0,
  superseded: 0,
  withdrawn: 0,
};

/** Sums counts, term by term. */
export function addCounts(left: RowCounts, right: RowCounts): RowCounts {
  return {
    in: left.in + right.in,
    added: left.added + right.added,
    out: left.out + right.out,
    quarantined: left.quarantined + right.quarantined,
    superseded: left.superseded + right.superseded,
    withdrawn: left.withdrawn + right.withdrawn,
  };
}

/** Rows that came beyond those read, and rows that went into others: `added`, told apart by its sign. */
export function addedAndCombined({ added }: RowCounts): readonly [added: number, combined: number] {
  return [Math.max(added, 0), Math.max(-added, 0)];
}

/** True when every row that came in is accounted for. */
export function addsUp(counts: RowCounts): boolean {
  return (
    counts.in + counts.added ===
    counts.out + counts.quarantined + counts.superseded + counts.withdrawn
  );
}
