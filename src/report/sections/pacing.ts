import type { JsonRow } from '../../duckdb/duckdb.ts';
import { meter } from '../charts/meter.ts';
import { html, type Markup, type Part } from '../html.ts';
import { between, change, estimate, figure, money, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { chip } from './chip.ts';
import { accountPart, emptyState, type Parts } from './part.ts';

const STATES: Readonly<Record<string, string>> = {
  depleted: '■',
  over: '▲',
  under: '▼',
  'no spend': '○',
};

const KINDS: Readonly<Record<string, string>> = {
  daily: 'a day',
  lifetime: 'in all',
  month: 'this month',
};

const MOST_BUDGETS = 30;

/** Spend against each budget that runs, and where it ends at this pace. */
export function pacing(parts: Parts): Markup {
  const { rows } = parts.figures.pacing;
  const [first] = rows;
  if (first === undefined) {
    return accountPart(
      parts,
      'pacing',
      emptyState(
        'No budget runs that Meta tells of, and no target is set for the month.',
        html`Set one: a line <code>month_budget,${parts.account.account_id},5000</code> in a CSV in <code>zones/landing/internal/preferences</code>, with the headings <code>name,subject,value</code>.`,
      ),
    );
  }
  return accountPart(parts, 'pacing', [
    html`<p class="about">Up to ${String(first.as_of)}. Daily budgets are judged by 7 days, as Meta does. A bar that is half full is on time.</p>`,
    dataTable({
      caption: 'Budgets that run',
      heads: ['Budget of', 'Budget', 'Spent', 'Of what was due', 'At the end, about', 'State'],
      rows: rows.slice(0, MOST_BUDGETS).map((row) => rowOf(row, parts.currency)),
    }),
  ]);
}

function rowOf(row: JsonRow, currency: string) {
  const pace = figure(row.pacing);
  const status = String(row.status);
  const level = row.level === 'ad_set' ? 'ad set' : String(row.level);
  return [
    html`<bdi>${String(row.object_name ?? row.object_id)}</bdi><br><small>${level}</small>`,
    `${money(row.budget, currency)} ${KINDS[String(row.kind)] ?? ''}`,
    money(row.spend, currency),
    pace === null
      ? UNKNOWN
      : [
          meter(pace / 2, `${percent(pace, 0)} of what was due; half the bar is on time`),
          ` ${percent(pace, 0)}`,
        ],
    projectedText(row, currency),
    chip(`${status.charAt(0).toUpperCase()}${status.slice(1)}`, STATES[status] ?? '●'),
  ];
}

function projectedText(row: JsonRow, currency: string): Part {
  if (row.kind === 'daily') return UNKNOWN;
  const [low, high] = [row.projected_low ?? null, row.projected_high ?? null];
  const range =
    low === null || high === null ? null : html`<br><small>${between(low, high, currency)}</small>`;
  return [estimate(row.projected, currency), range];
}

const LATER = 'Let the lake pull every day: it learns from days on which a budget was changed.';

/** Where the next money would return more, as far as past days tell. */
export function allocation(parts: Parts): Markup {
  const { rows } = parts.figures.allocation;
  const moved = rows.filter((row) => String(row.advice).startsWith('advice:'));
  const [first] = moved;
  if (first === undefined) {
    const why =
      rows.length === 0
        ? 'No campaign spent within the account’s last 7 days.'
        : 'No other split of the money can be told from chance: too few settled days on which campaigns spent clearly more or less.';
    return accountPart(parts, 'allocation', emptyState(why, rows.length === 0 ? '' : LATER));
  }
  const { currency } = parts;
  return accountPart(parts, 'allocation', [
    html`<p>The same ${money(first.account_spend_per_day, currency)} a day, split otherwise, would bring about ${estimate(first.account_gain_per_day, currency)} more value a day (${between(first.account_gain_low, first.account_gain_high, currency)} in 8 of 10 cases). This is advice: it compares days on which more and less was spent, and comes from no experiment.</p>`,
    dataTable({
      caption: 'Spend a day, now and suggested',
      heads: ['Campaign', 'Now', 'Suggested', 'Change', 'Next money returns', 'At the split'],
      rows: moved.map((row) => [
        html`<bdi>${String(row.campaign_name)}</bdi>`,
        estimate(row.spend_per_day, currency),
        estimate(row.suggested_spend_per_day, currency),
        change(figure(row.suggested_spend_per_day), figure(row.spend_per_day)),
        ratio(figure(row.marginal_roas)),
        ratio(figure(row.suggested_marginal_roas)),
      ]),
    }),
  ]);
}
