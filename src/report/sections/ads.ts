import { roasOf, totalsOf } from '../change.ts';
import { html, type Markup } from '../html.ts';
import { change, count, money, percent, ratio, share } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

const MOST_ADS = 20;

/** The ads with most spend, and whether people still click them. */
export function ads(parts: Parts): Markup {
  const { rows } = parts.figures.ads;
  if (rows.length === 0) {
    return accountPart(
      parts,
      'ads',
      emptyState(
        'The lake has no ad with spend in these days.',
        html`If campaigns spent, pull ads too: <code>npx adlake run --dataset insights_ad_day</code>.`,
      ),
    );
  }
  const cells = rows.slice(0, MOST_ADS).map((row) => {
    const early = share(row.clicks_early, row.impressions_early);
    const late = share(row.clicks_late, row.impressions_late);
    return [
      html`<bdi>${String(row.ad_name)}</bdi><br><small><bdi>${String(row.campaign_name)}</bdi></small>`,
      money(row.spend, parts.currency),
      count(row.conversions),
      ratio(roasOf(totalsOf([row], ''))),
      percent(early),
      percent(late),
      change(late, early),
    ];
  });
  return accountPart(parts, 'ads', [
    html`<p class="about">The ads with most spend. CTR is the share of impressions that are clicked, here of the first and the second half of the span: an ad that people have seen too often loses it.</p>`,
    dataTable({
      caption: 'Ads by spend',
      heads: ['Ad', 'Spend', 'Purchases', 'ROAS', 'CTR, first half', 'CTR, second half', 'Change'],
      rows: cells,
      isFolded: true,
    }),
  ]);
}
