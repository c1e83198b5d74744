import type { JsonRow } from '../duckdb.ts';
import type { AccountSummary } from '../summary.ts';
import { driversOf, roasOf, type Totals } from './change.ts';
import { type ChartDay, dayBars, dayLine, lyingBars, sparkline } from './chart.ts';
import type { AccountFigures, ReportSpan } from './figures.ts';
import { html, type Markup } from './html.ts';
import { change, count, figure, money, percent, ratio, UNKNOWN } from './number.ts';
import { dataTable } from './table.ts';
import { whatChanged } from './words.ts';

/** Everything the report knows of one account. */
export interface AccountReport {
  readonly account: AccountSummary;
  readonly span: ReportSpan;
  readonly figures: AccountFigures;
}

/** One account's part of the report: what changed and why first, then the pictures and tables. */
export function accountSection(report: AccountReport): Markup {
  const { account, span, figures } = report;
  const currency = account.currency ?? '';
  const id = `a${account.account_id}`;
  const parts = { id, currency, span, figures };
  return html`<section class="account" id="${id}">
<h2><bdi>${account.account_name}</bdi></h2>
<p class="about">Account ${account.account_id} · amounts in ${currency === '' ? 'an unknown currency' : currency} · attribution: ${settingsOf(figures.windows)} · ${settledText(account, span)}</p>
${tiles(parts)}
${changed(parts)}
${overTime(parts)}
${campaigns(parts)}
${ads(parts)}
${windows(parts)}
${funnel(parts)}
</section>`;
}

interface Parts {
  readonly id: string;
  readonly currency: string;
  readonly span: ReportSpan;
  readonly figures: AccountFigures;
}

function settingsOf(windows: JsonRow): string {
  return windows.attribution_settings === null || windows.attribution_settings === undefined
    ? 'not told'
    : String(windows.attribution_settings).replaceAll('_', ' ');
}

function settledText(account: AccountSummary, span: ReportSpan): string {
  const until = account.settled_until;
  if (until === null || until < span.since)
    return 'no day of this span is settled yet: its figures still change';
  if (until >= span.until) return 'all days are settled';
  return `settled until ${until}; later days still change`;
}

/** Sums over campaigns of the account: of the span, or of the one before it. */
export function totalsOf(campaigns: readonly JsonRow[], when: '' | '_before'): Totals {
  const sum = (name: string) => {
    const values = campaigns.map((row) => figure(row[`${name}${when}`]));
    return values.some((value) => value === null)
      ? null
      : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  };
  return {
    spend: sum('spend'),
    purchase_value: sum('purchase_value'),
    conversions: sum('conversions'),
    impressions: sum('impressions'),
    clicks: sum('clicks'),
  };
}

function tiles({ figures, currency }: Parts): Markup {
  const [now, before] = [totalsOf(figures.campaigns, ''), totalsOf(figures.campaigns, '_before')];
  const each = [
    ['Spend', money(now.spend, currency), change(now.spend, before.spend)],
    ['Purchases', count(now.conversions), change(now.conversions, before.conversions)],
    [
      'Value',
      money(now.purchase_value, currency),
      change(now.purchase_value, before.purchase_value),
    ],
    ['ROAS', ratio(roasOf(now)), change(roasOf(now), roasOf(before))],
  ] as const;
  return html`<dl class="tiles">${each.map(
    ([name, value, moved]) =>
      html`<div><dt>${name}</dt><dd>${value}</dd><dd class="moved">${moved === UNKNOWN ? 'nothing to compare with' : `${moved} against the span before`}</dd></div>`,
  )}</dl>`;
}

function changed({ figures, currency }: Parts): Markup {
  const before = totalsOf(figures.campaigns, '_before');
  const now = totalsOf(figures.campaigns, '');
  const sentences = whatChanged({
    before,
    now,
    drivers: driversOf(before, now),
    days: figures.days.length,
    provisionalDays: figures.days.filter((day) => day.is_settled !== true).length,
    campaigns: figures.campaigns,
    currency,
  });
  return html`<h3>What changed, and why</h3><ul>${sentences.map((each) => html`<li>${each}</li>`)}</ul>`;
}

function overTime({ id, figures, currency, span }: Parts): Markup {
  const days = daysOf(figures.days);
  const spend = days.map(({ date, isSettled, spend: value }) => ({ date, isSettled, value }));
  const roas = days.map(({ date, isSettled, roas: value }) => ({ date, isSettled, value }));
  const rows = days.map((day) => [
    day.date,
    money(day.spend, currency),
    ratio(day.roas),
    day.isSettled ? 'settled' : 'provisional',
  ]);
  const between = `${span.since} to ${span.until}`;
  return html`<h3>Spend and ROAS, day by day</h3>
<figure>${dayBars(spend, { id: `${id}-spend`, title: `Spend a day, ${between}`, description: 'One bar a day. Hatched bars are provisional. The table below has the numbers.', format: (value) => count(value) })}
<figcaption>Spend in ${currency}. Hatched: provisional, these days still change.</figcaption></figure>
<figure>${dayLine(roas, { id: `${id}-roas`, title: `ROAS a day, ${between}`, description: 'Purchase value over spend of each day. The dashed part is provisional and usually still grows.', format: ratio })}
<figcaption>ROAS: purchase value over spend of the day. Dashed: provisional, late purchases are still to come, so it usually grows.</figcaption></figure>
${dataTable({ caption: `Spend and ROAS, ${between}`, heads: ['Day', 'Spend', 'ROAS', 'State'], rows, isFolded: true })}`;
}

type Day = Pick<ChartDay, 'date' | 'isSettled'> & {
  readonly spend: number | null;
  readonly roas: number | null;
};

function daysOf(rows: readonly JsonRow[]): readonly Day[] {
  return rows.map((row) => {
    const spend = figure(row.spend);
    const value = figure(row.purchase_value);
    const roas = spend === null || spend === 0 || value === null ? null : value / spend;
    return { date: String(row.date), isSettled: row.is_settled === true, spend, roas };
  });
}

function campaigns({ figures, currency }: Parts): Markup {
  const shown = figures.campaigns.filter((row) => figure(row.spend) !== 0).slice(0, MOST_CAMPAIGNS);
  const left = figures.campaigns.length - shown.length;
  const rows = shown.map((row) => {
    const [now, before] = [totalsOf([row], ''), totalsOf([row], '_before')];
    const spends = spendsOf(figures, String(row.campaign_id));
    return [
      html`<bdi>${String(row.campaign_name)}</bdi>${row.is_provisional === true ? html` <span class="mark">provisional</span>` : null}`,
      sparkline(spends, `Spend a day of ${String(row.campaign_name)}`),
      money(row.spend, currency),
      change(now.spend, before.spend),
      count(row.conversions),
      money(costPer(now), currency),
      ratio(roasOf(now)),
      change(roasOf(now), roasOf(before)),
    ];
  });
  return html`<h3>Campaigns</h3>${dataTable({
    caption: 'Campaigns by spend',
    heads: [
      'Campaign',
      'Spend a day',
      'Spend',
      'Change',
      'Purchases',
      'Cost per purchase',
      'ROAS',
      'Change',
    ],
    rows,
  })}${left > 0 ? html`<p class="about">${left} more ${left === 1 ? 'campaign' : 'campaigns'} without spend in this span, or with less.</p>` : null}`;
}

/** Spend of a campaign on each day of the account: a day without a row is a day without spend. */
function spendsOf(figures: AccountFigures, campaignId: string): ReadonlyArray<number | null> {
  const own = figures.campaignDays.filter((day) => day.campaign_id === campaignId);
  const byDate = new Map(own.map((day) => [day.date, figure(day.spend)]));
  return figures.days.map(({ date = null }) => (byDate.has(date) ? (byDate.get(date) ?? null) : 0));
}

const MOST_CAMPAIGNS = 30;

function costPer({ spend, conversions }: Totals): string | null {
  return spend === null || conversions === null || conversions === 0
    ? null
    : String(spend / conversions);
}

function ads({ figures, currency }: Parts): Markup | null {
  if (figures.ads.length === 0) return null;
  const rows = figures.ads.map((row) => {
    const early = share(row.clicks_early, row.impressions_early);
    const late = share(row.clicks_late, row.impressions_late);
    return [
      html`<bdi>${String(row.ad_name)}</bdi><br><small><bdi>${String(row.campaign_name)}</bdi></small>`,
      money(row.spend, currency),
      count(row.conversions),
      ratio(roasOf(totalsOf([row], ''))),
      percent(early),
      percent(late),
      change(late, early),
    ];
  });
  return html`<h3>Ads</h3><p class="about">The ads with most spend. CTR of the first and the second half of the span: an ad that people have seen too often loses it.</p>${dataTable(
    {
      caption: 'Ads by spend',
      heads: ['Ad', 'Spend', 'Purchases', 'ROAS', 'CTR, first half', 'CTR, second half', 'Change'],
      rows,
    },
  )}`;
}

function share(
  top: JsonRow[string] | undefined,
  bottom: JsonRow[string] | undefined,
): number | null {
  const [over, under] = [figure(top), figure(bottom)];
  return over === null || under === null || under === 0 ? null : over / under;
}

/** The attribution windows that a row has columns for, with what each counts. */
const WINDOWS = [
  ['', 'as the account reports it'],
  ['_1d_click', 'within 1 day of a click'],
  ['_7d_click', 'within 7 days of a click'],
  ['_28d_click', 'within 28 days of a click'],
  ['_1d_view', 'within 1 day of a view'],
  ['_1d_ev', 'within 1 day of an engaged view'],
] as const;

function windows({ id, figures, currency }: Parts): Markup {
  const spend = figure(figures.windows.spend);
  const each = WINDOWS.map(([window, name]) => {
    const value = figure(figures.windows[`purchase_value${window}`]);
    const roas = value === null || spend === null || spend === 0 ? null : value / spend;
    return { name, purchases: figures.windows[`conversions${window}`], value, roas };
  });
  return html`<h3>Attribution, side by side</h3><p class="about">The same spend, and the purchases that count for it under each rule. The rules overlap: never add them up.</p>
<figure>${lyingBars(
    each.map(({ name, roas }) => ({ name, value: roas, shown: ratio(roas) })),
    {
      id: `${id}-windows`,
      title: 'ROAS by attribution window',
      description: 'One bar for each rule. The table below has the numbers.',
      format: ratio,
    },
  )}</figure>${dataTable({
    caption: 'Purchases, value and ROAS by attribution window',
    heads: ['Purchases counted', 'Purchases', 'Value', 'ROAS'],
    rows: each.map(({ name, purchases, value, roas }) => [
      name,
      count(purchases),
      money(value, currency),
      ratio(roas),
    ]),
    isFolded: true,
  })}`;
}

const STEPS = [
  ['impressions', 'Impressions'],
  ['link_clicks', 'Link clicks'],
  ['landing_page_views', 'Landing page views'],
  ['view_content', 'Content viewed'],
  ['add_to_cart', 'Added to cart'],
  ['initiate_checkout', 'Checkout begun'],
  ['purchases', 'Purchases'],
] as const;

function funnel({ id, figures }: Parts): Markup {
  const values = STEPS.map(([name, title]) => ({ title, value: figure(figures.funnel[name]) }));
  const clicks = values.slice(1);
  const rows = values.map(({ title, value }, at) => {
    const before = values[at - 1]?.value ?? null;
    return [
      title,
      count(value),
      at === 0 || value === null || before === null || before === 0
        ? UNKNOWN
        : percent(value / before),
    ];
  });
  return html`<h3>From a click to a purchase</h3>
<figure>${lyingBars(
    clicks.map(({ title, value }) => ({ name: title, value, shown: count(value) })),
    {
      id: `${id}-funnel`,
      title: 'Steps from link click to purchase',
      description: 'One bar for each step. The table below has the numbers, impressions included.',
      format: count,
    },
  )}</figure>${dataTable({ caption: 'Steps, and the share that takes each', heads: ['Step', 'Number', 'Of the step before'], rows, isFolded: true })}`;
}
