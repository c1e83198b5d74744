import type { Cell } from '../../csv.ts';
import { isDecimal, rounded } from '../../decimal.ts';
import { knownOr, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** Decimal places of a predicted ratio. */
const RATIO_PLACES = 8;

/** One prediction of a campaign's day; ROAS and CTR are ratios, CTR a fraction. */
export function flattenPrediction(raw: RawRecord): readonly StagingRow[] {
  const { record, lineage } = raw;
  return [
    {
      source: textOf(record, 'source'),
      prediction_id: textOf(record, 'prediction_id'),
      campaign_id: textOf(record, 'campaign_id'),
      day: textOf(record, 'day'),
      predicted_roas: ratioOf(raw, 'predicted_roas'),
      predicted_ctr: ratioOf(raw, 'predicted_ctr'),
      model: textOf(record, 'model'),
      timezone: knownOr(lineage.timezone),
      batch_id: lineage.batch_id,
      pulled_on: lineage.pulled_on,
    },
  ];
}

function ratioOf({ record }: RawRecord, field: string): Cell {
  const text = textOf(record, field);
  return isDecimal(text) ? rounded(text, RATIO_PLACES) : text;
}
