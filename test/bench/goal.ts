/** One goal and what was measured of it. Smaller is better. */
export interface Goal {
  readonly what: string;
  readonly unit: 'x floor' | 'x' | 'MB' | 's' | 'ms';
  readonly must: number;
  readonly aim: number;
  readonly measured: number;
  /** The same, of CPU seconds instead of time: other work on the machine disturbs it less. */
  readonly byCpu?: number;
}

/** `aim`: as good as hoped; `must`: good enough; `missed`: not good enough. */
export function verdictOf(goal: Goal): 'aim' | 'must' | 'missed' {
  if (goal.measured <= goal.aim) return 'aim';
  return goal.measured <= goal.must ? 'must' : 'missed';
}
