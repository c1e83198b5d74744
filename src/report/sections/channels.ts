import type { JsonRow } from '../../duckdb.ts';
import { roasOf } from '../change.ts';
import { dayLine } from '../charts/days.ts';
import type { Answer } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, money, percent, ratio } from '../number.ts';
import { SECTIONS } from '../section.ts';
import type { ReportSpan } from '../span.ts';
import { dataTable } from '../table.ts';
import { emptyState, picture } from './part.ts';

/** All channels of the lake against what the shop sold, in US dollars. */
export function channels(answer: Answer, span: ReportSpan): Markup {
  const { rows } = answer;
  const names = [...new Set(rows.map((row) => String(row.channel)))];
  const days = daysOf(rows);
  const body = days.some(({ revenue }) => revenue !== null)
    ? [soldText(days), blended(days, span), table(rows, names)]
    : [
        emptyState(
          'What was sold is not known for these days, so the spend cannot be held against it.',
          html`Import the shop’s orders: <code>npx adlake import orders.csv --as orders</code>, then <code>npx adlake run --offline</code>. Blended ROAS, cost of a new customer and sales that no platform claims are shown here then.`,
        ),
        names.length === 0 ? null : table(rows, names),
      ];
  const csv = `npx adlake report --csv channels --since ${span.since} --until ${span.until}`;
  return html`<section id="channels"><h2>${SECTIONS.channels.title}</h2>${body}<details class="source"><summary>Where these numbers come from</summary><p>They are the answer to <a href="#query-channels">this query</a>, over all accounts of the lake, in US dollars at each day’s reference rate. As a file for a spreadsheet: <code>${csv}</code></p></details></section>`;
}

interface SoldDay {
  readonly date: string;
  readonly spend: number | null;
  readonly revenue: number | null;
  readonly orders: number | null;
}

/** The sales of a day stand in the row of each of its channels: one of them is enough. */
function daysOf(rows: readonly JsonRow[]): readonly SoldDay[] {
  const byDate = new Map(rows.map((row) => [String(row.date), row]));
  return [...byDate].map(([date, row]) => ({
    date,
    spend: figure(row.total_spend_usd),
    revenue: figure(row.revenue_usd),
    orders: figure(row.orders),
  }));
}

function soldText(days: readonly SoldDay[]): Markup {
  const known = days.filter(({ revenue, spend }) => revenue !== null && spend !== null);
  const spend = known.reduce((sum, day) => sum + (day.spend ?? 0), 0);
  const revenue = known.reduce((sum, day) => sum + (day.revenue ?? 0), 0);
  const orders = known.reduce((sum, day) => sum + (day.orders ?? 0), 0);
  return html`<p>On the ${known.length} days on which both are known, ${money(String(revenue), 'USD')} were sold in ${count(orders)} orders, for a spend of ${money(String(spend), 'USD')} on all channels: a blended ROAS of <strong>${ratio(spend === 0 ? null : revenue / spend)}</strong>. It counts every sale once, whatever the platforms claim.</p>`;
}

function blended(days: readonly SoldDay[], span: ReportSpan): Markup {
  const points = days.map(({ date, spend, revenue }) => ({
    date,
    isSettled: true,
    estimate: null,
    value: spend === null || spend === 0 || revenue === null ? null : revenue / spend,
  }));
  return html`<div class="narrow">${picture(
    'Blended ROAS',
    dayLine(points, {
      id: 'blended',
      title: `Blended ROAS a day, ${span.since} to ${span.until}`,
      description: 'What was sold over the spend of all channels, each day.',
      format: ratio,
    }),
    'Everything that was sold over the spend of all channels.',
  )}</div>`;
}

function table(rows: readonly JsonRow[], names: readonly string[]): Markup {
  const sums = names.map((name) => {
    const own = rows.filter((row) => row.channel === name);
    return {
      name,
      spend: sumOf(own, 'spend_usd'),
      purchase_value: sumOf(own, 'attributed_value_usd'),
      conversions: sumOf(own, 'attributed_conversions'),
    };
  });
  const whole = sums.reduce((sum, { spend }) => sum + (spend ?? 0), 0);
  return dataTable({
    caption: 'Channels by spend, in US dollars',
    heads: [
      'Channel',
      'Spend',
      'Share of spend',
      'Purchases it claims',
      'Value it claims',
      'ROAS it claims',
    ],
    rows: sums.map((sum) => [
      html`<bdi>${sum.name}</bdi>`,
      money(textOf(sum.spend), 'USD'),
      percent(sum.spend === null || whole === 0 ? null : sum.spend / whole, 1),
      count(sum.conversions),
      money(textOf(sum.purchase_value), 'USD'),
      ratio(roasOf({ ...sum, impressions: null, clicks: null })),
    ]),
  });
}

function sumOf(rows: readonly JsonRow[], name: string): number | null {
  const values = rows.map((row) => figure(row[name]));
  return values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}
