import { addDays } from '../../src/window.ts';
import { quiet, type StagingRow } from './curated-lake.ts';
import { gamma, type Random } from './random.ts';

/** A campaign that returns scale × spend ^ elasticity a day, on average. */
export interface PlantedCurve {
  readonly id: string;
  readonly scale: number;
  readonly elasticity: number;
  /** Median spend of a day. */
  readonly spend: number;
}

/** The day before the first of the made-up days; `days` of them come, all settled. */
export const BEFORE = '2026-01-01';

/**
 * Settled days of a campaign whose spend wanders between a third and three times its median, and whose
 * value differs from the curve by `noise`, the standard deviation over the mean; 0 is none.
 */
export function plantedDays(
  random: Random,
  curve: PlantedCurve,
  more: { readonly days: number; readonly noise: number; readonly account?: string },
): readonly StagingRow[] {
  const shape = more.noise === 0 ? null : 1 / more.noise ** 2;
  return Array.from({ length: more.days }, (_, at) => {
    const spend = Number((curve.spend * 3 ** (2 * random() - 1)).toFixed(2));
    const factor = shape === null ? 1 : gamma(random, shape) / shape;
    const value = curve.scale * spend ** curve.elasticity * factor;
    return quiet({
      account_id: more.account ?? '1',
      campaign_id: curve.id,
      date: addDays(BEFORE, at + 1),
      pulled_on: addDays(BEFORE, more.days + 60),
      impressions: 1,
      spend: spend.toFixed(2),
      purchases: '1',
      purchase_value: value.toFixed(6),
    });
  });
}
