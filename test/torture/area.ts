/** What came of one case. */
export interface CaseOutcome {
  /** How the outcome differs from what it must be; null when it does not. */
  readonly difference: string | null;
  /** What was tried, by name, to be added up over the cases: records, inputs, calls. */
  readonly counts: Readonly<Record<string, number>>;
  /** A line for the report, where what was tried has a name. */
  readonly told?: string;
}

/** A way to break adlake. */
export interface Area {
  /** The first part of the id of its cases. */
  readonly name: string;
  /** What is done and what must hold, in one sentence. */
  readonly about: string;
  /**
   * Where its cases run. Those in this process come one after the other, since a process works on one
   * lake at a time; beside them run those that wait for processes of their own.
   */
  readonly lane: 'here' | 'processes';
  /** How much of the time it gets, beside the others' shares. */
  readonly share: number;
  /** Gets ready; `seed` chooses where the cases begin. */
  readonly prepare: (seed: number) => Promise<Cases>;
}

/** The cases of an area that is ready. */
export interface Cases {
  /** How many there are; null when there is no end to them. */
  readonly possible: number | null;
  /** The rest of the id of the n-th case, counted from 0, in an order that covers all of them evenly. */
  readonly idAt: (n: number) => string;
  /** Tries the case with this id. A case that throws has failed. */
  readonly run: (id: string) => Promise<CaseOutcome>;
  /** Judges all cases together: what is wrong, or null. */
  readonly judge?: (totals: Readonly<Record<string, number>>) => string | null;
  readonly close?: () => void;
}

/** The n-th of `count` places, in an order that reaches every one of them once and is spread at any time. */
export function spread(n: number, count: number, seed: number): number {
  let step = Math.max(1, Math.round(count * 0.618));
  while (divisor(step, count) !== 1) step++;
  return (((n * step) % count) + (seed % count)) % count;
}

function divisor(left: number, right: number): number {
  return right === 0 ? left : divisor(right, left % right);
}

/** An area whose cases are seeds, one after the other, and never end. */
export function seeded(
  about: Pick<Area, 'name' | 'about' | 'share' | 'lane'>,
  run: (seed: number) => Promise<CaseOutcome>,
  judge?: Cases['judge'],
): Area {
  return {
    ...about,
    prepare: async (first) => ({
      possible: null,
      idAt: (n) => String(first + n),
      run: (id) => run(Number(id)),
      ...(judge === undefined ? {} : { judge }),
    }),
  };
}
