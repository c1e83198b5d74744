import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, grouped } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

const LEVELS: Readonly<Record<string, string>> = {
  campaign: 'campaigns',
  ad_set: 'ad sets',
  ad: 'ads',
};

/** Whether the sums over campaigns, ad sets and ads are what the account itself says. */
export function agreement(parts: Parts): Markup {
  const { rows } = parts.figures.agreement;
  if (rows.length === 0) {
    return accountPart(
      parts,
      'agreement',
      emptyState(
        'The account’s own figures were not pulled for these days, so there is nothing to hold the campaigns against.',
        html`Pull them with <code>npx adlake run --dataset insights_account_day</code>.`,
      ),
    );
  }
  const differing = rows.filter((row) => figure(row.days_that_differ) !== 0);
  const verdict =
    differing.length === 0
      ? 'Yes: on every day that can be judged, campaigns, ad sets and ads add up to what the account itself reports, within what is allowed.'
      : `Not everywhere: ${differing.length} of ${rows.length} comparisons have days that differ by more than they may.`;
  return accountPart(parts, 'agreement', [
    html`<p>${verdict}</p>`,
    dataTable({
      caption: 'Levels against the account, by metric',
      heads: ['Sum over', 'Of', 'Days', 'Agree', 'Differ', 'Cannot be judged', 'Why'],
      rows: rows.map(rowOf),
      isFolded: differing.length === 0,
      isWordy: true,
    }),
  ]);
}

function rowOf(row: JsonRow) {
  return [
    LEVELS[String(row.level)] ?? String(row.level),
    String(row.metric).replaceAll('_', ' '),
    count(row.days),
    count(row.days_that_agree),
    count(row.days_that_differ),
    count(row.days_not_judged),
    grouped(row.reasons === null || row.reasons === undefined ? '' : String(row.reasons)),
  ];
}
