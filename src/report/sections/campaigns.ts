import type { JsonRow } from '../../duckdb/duckdb.ts';
import { roasOf, type Totals, totalsOf } from '../change.ts';
import { sparkline } from '../charts/sparkline.ts';
import type { AccountFigures } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { change, count, figure, money, ratio } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

const MOST_CAMPAIGNS = 30;

const HEADS = [
  'Campaign',
  'Spend a day',
  'Spend',
  'Change',
  'Purchases',
  'Cost per purchase',
  'ROAS',
  'Change',
] as const;

/** Campaigns by spend, each with a picture of its days and against the span before. */
export function campaigns(parts: Parts): Markup {
  const { rows } = parts.figures.campaigns;
  const shown = rows.filter((row) => figure(row.spend) !== 0).slice(0, MOST_CAMPAIGNS);
  if (shown.length === 0) {
    return accountPart(
      parts,
      'campaigns',
      emptyState('No campaign spent anything in these days.', ''),
    );
  }
  const left = rows.length - shown.length;
  return accountPart(parts, 'campaigns', [
    dataTable({
      caption: 'Campaigns by spend',
      heads: HEADS,
      rows: shown.map((row) => rowOf(row, parts)),
    }),
    left === 0
      ? null
      : html`<p class="about">${left} more ${left === 1 ? 'campaign' : 'campaigns'} without spend in this span, or with less.</p>`,
  ]);
}

function rowOf(row: JsonRow, { figures, currency }: Parts) {
  const [now, before] = [totalsOf([row], ''), totalsOf([row], '_before')];
  const name = String(row.campaign_name);
  return [
    html`<bdi>${name}</bdi>${row.is_provisional === true ? html` <span class="mark">provisional</span>` : null}<br><small>${String(row.campaign_id)}</small>`,
    sparkline(spendsOf(figures, String(row.campaign_id)), `Spend a day of ${name}`),
    money(row.spend, currency),
    change(now.spend, before.spend),
    count(row.conversions),
    money(costPer(now), currency),
    ratio(roasOf(now)),
    change(roasOf(now), roasOf(before)),
  ];
}

/** Spend of a campaign on each day of the account: a day without a row is a day without spend. */
function spendsOf(figures: AccountFigures, campaignId: string): ReadonlyArray<number | null> {
  const own = figures.campaign_days.rows.filter((day) => day.campaign_id === campaignId);
  const byDate = new Map(own.map((day) => [day.date, figure(day.spend)]));
  return figures.days.rows.map(({ date = null }) =>
    byDate.has(date) ? (byDate.get(date) ?? null) : 0,
  );
}

function costPer({ spend, conversions }: Totals): string | null {
  return spend === null || conversions === null || conversions === 0
    ? null
    : String(spend / conversions);
}
