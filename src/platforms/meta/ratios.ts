import { agree, isDecimal, product, quotient, rounded } from '../../decimal.ts';
import { type StagingRow, textOf } from '../../staging/row.ts';

/** What ratios are made of: decimal text, null where the row does not say. */
export interface RatioParts {
  readonly spend: string | null;
  readonly impressions: string | null;
  readonly clicks: string | null;
}

/**
 * CPC, CPM and CTR from their parts, what the API reported, and whether the two agree. CTR is a
 * fraction on both sides; the API sends percent. Source of the formulas: Marketing API, Insights
 * (`cpc` = spend / clicks, `cpm` = spend / impressions × 1000, `ctr` = clicks / impressions × 100).
 */
export function ratiosOf(parts: RatioParts, record: Readonly<Record<string, unknown>>): StagingRow {
  const { spend, impressions, clicks } = parts;
  const thousandfold = spend === null ? null : product(spend, '1000');
  const cpc = divided(spend, clicks);
  const cpm = divided(thousandfold, impressions);
  const ctr = divided(clicks, impressions);
  const reported = {
    cpc_reported: reportedAs(record, 'cpc'),
    cpm_reported: reportedAs(record, 'cpm'),
    ctr_reported: fraction(textOf(record, 'ctr')),
  };
  const verdicts = [
    verdict(reported.cpc_reported, cpc, MONEY_SLACK),
    verdict(reported.cpm_reported, cpm, MONEY_SLACK),
    verdict(reported.ctr_reported, ctr, RATIO_SLACK),
  ].filter((one) => one !== null);
  const agrees = verdicts.length === 0 ? null : verdicts.every(Boolean);
  return { cpc, cpm, ctr, ...reported, reported_agrees: agrees };
}

/** Half a cent: the API's spend may be rounded to the cent before it divides. */
export const MONEY_SLACK = '0.005';
/** The last place that we keep of a fraction. */
export const RATIO_SLACK = '0.000001';
/** How far apart two ratios may be, as a share of ours. */
export const SHARE = '0.005';

function divided(over: string | null, under: string | null): string | null {
  return over === null || under === null ? null : quotient(over, under);
}

function reportedAs(record: Readonly<Record<string, unknown>>, name: string): string | null {
  const text = textOf(record, name);
  return text !== null && isDecimal(text) ? rounded(text) : null;
}

/** Percent with six places is a fraction with eight. */
const FRACTION_PLACES = 8;

function fraction(percent: string | null): string | null {
  if (!isDecimal(percent)) return null;
  return rounded(product(percent, '0.01'), FRACTION_PLACES);
}

/** True or false where both are there; else null, for there is nothing to compare. */
function verdict(found: string | null, expected: string | null, slack: string): boolean | null {
  if (found === null || expected === null) return null;
  return agree(found, expected, { share: SHARE, slack });
}
