import type { JsonRow } from '../../duckdb/duckdb.ts';
import { meter } from '../charts/meter.ts';
import { html, type Markup } from '../html.ts';
import { change, figure, grouped, money, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { chip } from './chip.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

const MOST_CREATIVES = 15;

const STATES: Readonly<Record<string, readonly [sign: string, title: string]>> = {
  rotate: ['↻', 'Rotate'],
  watch: ['▼', 'Watch'],
  fresh: ['●', 'Fresh'],
  resting: ['◷', 'Resting'],
  'too little data': ['○', 'Too little data'],
};

/** The creatives with most spend, what they return, and whether people tire of them. */
export function creatives(parts: Parts): Markup {
  const { rows } = parts.figures.creatives;
  const [first] = rows;
  if (first === undefined) {
    return accountPart(
      parts,
      'creatives',
      emptyState(
        'The lake knows no creative that spent in the account’s last days.',
        html`Pull ads and creatives: <code>npx adlake run --dataset ads,ad_creatives,insights_ad_day</code>.`,
      ),
    );
  }
  const tired = rows.filter(({ recommendation }) => TIRED.has(recommendation));
  return accountPart(parts, 'creatives', [
    html`<p class="about">The account’s last complete days, ${String(first.since)} to ${String(first.until)}. Fatigue goes from 0, fresh, to 100, tired: it rises as fewer people click and buy the longer and the more often they see it.</p>`,
    tired.length === 0
      ? html`<p>No creative with enough data shows that people tire of it.</p>`
      : html`<ol class="advice">${tired.map(tiredOf)}</ol>`,
    dataTable({
      caption: 'Creatives by spend',
      heads: [
        'Creative',
        'Spend',
        'ROAS',
        'ROAS, cautious',
        'CTR',
        'CTR, change',
        'Hook rate',
        'Fatigue',
        '',
      ],
      rows: rows.slice(0, MOST_CREATIVES).map((row) => rowOf(row, parts.currency)),
    }),
    html`<p class="about">Cautious: the ROAS that is surpassed in 9 of 10 cases once ten of the account’s usual purchases are added, so that luck with a few does not rank first. Hook rate: the share of impressions of a video that is watched for 3 seconds.</p>`,
  ]);
}

const TIRED: ReadonlySet<unknown> = new Set(['rotate', 'watch']);

function tiredOf(row: JsonRow): Markup {
  const other = row.rotate_to ?? null;
  return html`<li>${stateOf(row)} <strong><bdi>${nameOf(row)}</bdi></strong>${other === null ? null : html` Show instead: <bdi>${String(other)}</bdi>.`}<br>${grouped(String(row.evidence))}</li>`;
}

function rowOf(row: JsonRow, currency: string) {
  const score = figure(row.fatigue_score);
  const moved = figure(row.ctr_change);
  return [
    html`<bdi>${nameOf(row)}</bdi>`,
    money(row.spend, currency),
    ratio(figure(row.roas)),
    ratio(figure(row.roas_low)),
    percent(figure(row.ctr)),
    signed(moved),
    percent(figure(row.hook_rate), 1),
    score === null
      ? '–'
      : [meter(score / 100, `Fatigue ${score.toFixed(0)} of 100`), ` ${score.toFixed(0)}`],
    stateOf(row),
  ];
}

function signed(share: number | null): string {
  return share === null ? UNKNOWN : change(1 + share, 1);
}

function nameOf(row: JsonRow): string {
  return String(row.creative_name ?? row.creative_id ?? 'not known');
}

function stateOf(row: JsonRow): Markup | null {
  const state = STATES[String(row.recommendation)];
  return state === undefined ? null : chip(state[1], state[0]);
}
