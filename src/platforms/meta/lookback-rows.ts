import { type Batch, rowsIn } from '../../landing/batch.ts';
import { addDays, daysOf, intersect } from '../../window.ts';

/**
 * Rows that the lookback of a dataset and account is expected to have: each of its days as many as in
 * the newest answer that reached back to it, whose rows are taken to be spread evenly over its days.
 * So days that wait count as they were when they were asked for, not as the young ones are that are
 * asked for daily. Answers about a few campaigns (sweeps, those that are back) are left aside; days that
 * no answer spoke of count nothing, since they are asked for anyway. `batches` are oldest first, days
 * the account's own.
 */
export function lookbackRows(
  batches: readonly Batch[],
  at: { readonly today: string; readonly lookbackDays: number },
): number {
  const lookback = { since: addDays(at.today, -at.lookbackDays), until: addDays(at.today, -1) };
  const rows = new Map<string, number>();
  for (const batch of batches) {
    const { since, until, campaigns, complete } = batch.scope;
    if (since === null || until === null || campaigns.kind === 'in') continue;
    if (batch.source !== 'api' || !complete) continue;
    const within = intersect({ since, until }, lookback);
    if (within === null) continue;
    const perDay = rowsIn(batch.pages) / daysOf({ since, until }).length;
    for (const day of daysOf(within)) rows.set(day, perDay);
  }
  return Math.round([...rows.values()].reduce((sum, count) => sum + count, 0));
}
