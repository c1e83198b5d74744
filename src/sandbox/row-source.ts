import type { SplitAction } from './action-split.ts';
import { majorText } from './decimal.ts';
import type { InsightQuery } from './insight-query.ts';
import type { InsightRow } from './insight-rows.ts';
import { at, COUNTER } from './tally.ts';

/** A row on its way to JSON, with the query that it answers. */
export interface RowSource {
  readonly row: InsightRow;
  readonly query: InsightQuery;
  /** What several fields are made from, once it was made. */
  readonly drawn: { actions?: readonly SplitAction[]; values?: readonly SplitAction[] };
}

/** Gives the value of a field; undefined leaves the key out, as the API does for nothing. */
export type Writer = (source: RowSource) => unknown;

/** A counter of the row. */
export function counted({ row }: RowSource, place: number): number {
  return at(row.tally, place);
}

/** Spend of the row in minor units. */
export function spendMinor(source: RowSource): number {
  return counted(source, COUNTER.spend);
}

/** Spend of the row in major units: only for ratios, sums are made in minor units. */
export function spendMajor(source: RowSource): number {
  return spendMinor(source) / source.row.ad.campaign.account.minorPerMajor;
}

/** Minor units of the row's account as decimal text in major units. */
export function moneyText(source: RowSource, minor: number): string {
  return majorText(minor, source.row.ad.campaign.account.minorPerMajor);
}
