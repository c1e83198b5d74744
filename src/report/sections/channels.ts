import { sumOf } from '../../decimal.ts';
import type { JsonRow } from '../../duckdb/duckdb.ts';
import { exactSum } from '../change.ts';
import { dayLine } from '../charts/days.ts';
import type { Answer } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, money, percent, ratio, share } from '../number.ts';
import { SECTIONS } from '../section.ts';
import type { ReportSpan } from '../span.ts';
import { dataTable } from '../table.ts';
import { emptyState, picture } from './part.ts';

/** All channels of the lake against what the shop sold, in US dollars. */
export function channels(answer: Answer, span: ReportSpan, lakeOption: string): Markup {
  const { rows } = answer;
  const names = [...new Set(rows.map((row) => String(row.channel)))];
  const days = daysOf(rows);
  const body = days.some(isKnown)
    ? [soldText(days), blended(days, span), table(rows, names)]
    : [
        emptyState(
          'What was sold is not known for these days, so the spend cannot be held against it.',
          html`Import the shop’s orders: <code>npx adlake import orders.csv --as orders</code>, then <code>npx adlake run --offline</code>. Blended ROAS, cost of a new customer and sales that no platform claims are shown here then.`,
        ),
        names.length === 0 ? null : table(rows, names),
      ];
  const csv = `npx adlake report --csv channels --since ${span.since} --until ${span.until}${lakeOption}`;
  return html`<section id="channels"><h2>${SECTIONS.channels.title}</h2>${body}<details class="source"><summary>Where these numbers come from</summary><p>They are the answer to <a href="#query-channels">this query</a>, over all accounts of the lake, in US dollars at each day’s reference rate. As a file for a spreadsheet: <code>${csv}</code></p></details></section>`;
}

/** The sales of a day stand in the row of each of its channels: one of them is enough. */
function daysOf(rows: readonly JsonRow[]): readonly JsonRow[] {
  return [...new Map(rows.map((row) => [String(row.date), row])).values()];
}

function soldText(days: readonly JsonRow[]): Markup {
  const known = days.filter(isKnown);
  const spend = exactSum(known, 'total_spend_usd');
  const revenue = exactSum(known, 'revenue_usd');
  const orders = exactSum(known, 'orders');
  return html`<p>On the ${known.length} days on which both are known, ${money(revenue, 'USD')} were sold in ${count(orders)} orders, for a spend of ${money(spend, 'USD')} on all channels: a blended ROAS of <strong>${ratio(share(revenue, spend))}</strong>. It counts every sale once, whatever the platforms claim.</p>`;
}

function isKnown(day: JsonRow): boolean {
  return figure(day.revenue_usd) !== null && figure(day.total_spend_usd) !== null;
}

function blended(days: readonly JsonRow[], span: ReportSpan): Markup {
  const points = days.map((day) => ({
    date: String(day.date),
    isSettled: true,
    estimate: null,
    value: figure(day.mer),
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
      spend: exactSum(own, 'spend_usd'),
      value: exactSum(own, 'attributed_value_usd'),
      conversions: exactSum(own, 'attributed_conversions'),
    };
  });
  const spends = sums.flatMap(({ spend }) => spend ?? []);
  const whole = spends.length < sums.length ? null : sumOf(spends);
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
      money(sum.spend, 'USD'),
      percent(share(sum.spend, whole), 1),
      count(sum.conversions),
      money(sum.value, 'USD'),
      ratio(share(sum.value, sum.spend)),
    ]),
  });
}
