import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup } from '../html.ts';
import { figure, grouped, money, percent } from '../number.ts';
import { chip } from './chip.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

/** What each advice means for a person; in the order in which they are worth acting on. */
const ADVICE = [
  ['stop', 'Stop', 'It loses money and returns less than half of what the account does.'],
  ['fix', 'Fix', 'It returns less than it costs, or clearly less than the account.'],
  ['scale', 'Scale', 'It returns clearly more than the account: give it more budget, in steps.'],
  ['hold', 'Hold', 'It does about what the account does, or is not there to sell.'],
  ['wait: not settled', 'Wait', 'Too many of its purchases are still to come to judge it.'],
  ['too little data', 'Too little data', 'It has spent too little to tell luck from success.'],
] as const;

/** What to do about each campaign that runs, the most urgent first, each with its evidence. */
export function advice(parts: Parts): Markup {
  const { rows } = parts.figures.recommendations;
  if (rows.length === 0) {
    return accountPart(
      parts,
      'recommendations',
      emptyState('No campaign spent anything in these days, so there is nothing to advise on.', ''),
    );
  }
  const sorted = ADVICE.flatMap(([name]) => rows.filter((row) => row.recommendation === name));
  const present = ADVICE.filter(([name]) => rows.some((row) => row.recommendation === name));
  const meanings = html`<dl class="meanings">${present.map(
    ([, title, meaning]) => html`<div><dt>${signed(title)}</dt><dd>${meaning}</dd></div>`,
  )}</dl>`;
  return accountPart(parts, 'recommendations', [
    meanings,
    html`<ol class="advice">${sorted.map((row) => adviceOf(row, parts.currency))}</ol>`,
    html`<p class="about">Each campaign is judged over the shortest span, from this report’s on, that is settled enough. These are rules, not promises: the README says them with their numbers.</p>`,
  ]);
}

function adviceOf(row: JsonRow, currency: string): Markup {
  const [, title = ''] = ADVICE.find(([name]) => name === row.recommendation) ?? [];
  const span = PERIODS[String(row.period)] ?? String(row.period);
  const part = percent(figure(row.share_of_spend), 1);
  return html`<li>${signed(title)} <strong><bdi>${String(row.campaign_name)}</bdi></strong><br><span class="about">Over ${span}: ${money(row.spend, currency)}, ${part} of the account’s spend.</span> ${grouped(String(row.evidence))}</li>`;
}

const PERIODS: Readonly<Record<string, string>> = {
  '7d': '7 days',
  '14d': '14 days',
  '28d': '28 days',
  '90d': '90 days',
};

function signed(title: string): Markup {
  return chip(title, SIGNS[title] ?? '');
}

const SIGNS: Readonly<Record<string, string>> = {
  Stop: '■',
  Fix: '▼',
  Scale: '▲',
  Hold: '●',
  Wait: '◷',
  'Too little data': '○',
};
