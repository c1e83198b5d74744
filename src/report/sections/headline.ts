import type { JsonRow } from '../../duckdb/duckdb.ts';
import { driversOf, roasOf, type Totals, totalsOf } from '../change.ts';
import { html, type Markup } from '../html.ts';
import { maturedRoas } from '../matured.ts';
import { change, count, money, ratio, UNKNOWN } from '../number.ts';
import { whatChanged } from '../words.ts';
import { onlyRow, type Parts } from './part.ts';

/** The line that stays in sight while an account is read: currency, time zone, attribution, days. */
export function contextBar(parts: Parts): Markup {
  const { account, span, currency, figures } = parts;
  const facts = [
    ['Amounts', currency === '' ? 'currency not known' : currency],
    ['Time zone', account.timezone],
    ['Attribution', settingsOf(onlyRow(figures.attribution))],
    ['Days', `${span.since} to ${span.until}`],
  ] as const;
  return html`<div class="context"><h2><bdi>${account.account_name}</bdi></h2><dl>${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></div>`;
}

function settingsOf(attribution: JsonRow): string {
  const told = attribution.attribution_settings ?? null;
  return told === null ? 'not told' : String(told).replaceAll('_', ' ');
}

/** Until which day figures no longer change, in words. */
export function settledText({ account, span }: Parts): string {
  const until = account.settled_until;
  if (until === null || until < span.since)
    return 'No day of this span is settled yet: all of its figures can still change.';
  if (until >= span.until) return 'All days are settled: their figures no longer change.';
  return `Settled until ${until}. Figures of later days can still change.`;
}

/** The four figures that are looked at first, each against the span before. */
export function tiles({ figures, currency }: Parts): Markup {
  const { rows } = figures.campaigns;
  const [now, before] = [totalsOf(rows, ''), totalsOf(rows, '_before')];
  const matured = maturedRoas(figures.days.rows);
  const each = [
    ['Spend', money(now.spend, currency), change(now.spend, before.spend), null],
    ['Purchases', count(now.conversions), change(now.conversions, before.conversions), null],
    [
      'Value',
      money(now.purchase_value, currency),
      change(now.purchase_value, before.purchase_value),
      null,
    ],
    [
      'ROAS',
      ratio(roasOf(now)),
      change(roasOf(now), roasOf(before)),
      matured === null ? null : `about ${ratio(matured)} when all purchases are in`,
    ],
  ] as const;
  return html`<dl class="tiles">${each.map(
    ([name, value, moved, later]) =>
      html`<div><dt>${name}</dt><dd>${value}</dd><dd class="moved">${moved === UNKNOWN ? 'nothing to compare with' : `${moved} against the span before`}</dd>${later === null ? null : html`<dd class="moved">${later}</dd>`}</div>`,
  )}</dl>`;
}

/** What changed against the span before, and why. */
export function changed({ id, figures, currency }: Parts): Markup {
  const { rows } = figures.campaigns;
  const [now, before]: readonly [Totals, Totals] = [totalsOf(rows, ''), totalsOf(rows, '_before')];
  const sentences = whatChanged({
    before,
    now,
    drivers: driversOf(before, now),
    days: figures.days.rows.length,
    provisionalDays: figures.days.rows.filter((day) => day.is_settled !== true).length,
    matured: maturedRoas(figures.days.rows),
    campaigns: rows,
    currency,
  });
  return html`<section id="${id}-changed"><h3>What changed, and why</h3><ul>${sentences.map((each) => html`<li>${each}</li>`)}</ul></section>`;
}
