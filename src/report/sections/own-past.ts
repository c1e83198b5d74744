import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup, type Part } from '../html.ts';
import { change, count, figure, money, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, type Parts } from './part.ts';

const MOST_CAMPAIGNS = 10;

/** Each campaign against its own past. Nothing for an account that never had one. */
export function ownPast(parts: Parts): Markup | null {
  const { rows } = parts.figures.own_past;
  const [first] = rows;
  if (first === undefined) return null;
  const until = parts.account.settled_until;
  const grows = until === null || until < String(first.until);
  const isTold = rows.some((row) => figure(row.roas_matured) !== null);
  return accountPart(parts, 'own_past', [
    html`<p class="about">The 28 days up to ${String(first.until)}, the 28 before them, and the best 28 ever: those with the highest ROAS, with 10 purchases and more and all late ones in. Days live are those that the lake holds. ${!grows ? '' : isTold ? ABOUT : LOW}</p>`,
    dataTable({
      caption: 'Campaigns by spend, against their own past',
      heads: [
        'Campaign',
        'Live',
        'Spend, 28 days',
        'Change',
        'ROAS',
        'Before',
        'Best ever',
        'Of its best',
      ],
      rows: rows.slice(0, MOST_CAMPAIGNS).map((row) => rowOf(row, parts.currency)),
    }),
  ]);
}

const ABOUT =
  'Where late purchases are still to come, ROAS is what it is estimated to end at, marked “about”.';
const LOW =
  'Late purchases of the last 28 days are still to come, so their ROAS reads lower than it will be.';

function rowOf(row: JsonRow, currency: string) {
  const [known, matured] = [figure(row.roas_28d), figure(row.roas_matured)];
  const [roas, best] = [matured ?? known, figure(row.best_roas)];
  const isEstimate = matured !== null && ratio(matured) !== ratio(known);
  return [
    html`<bdi>${String(row.campaign_name)}</bdi>`,
    liveText(row),
    money(row.spend_28d, currency),
    change(figure(row.spend_28d), figure(row.spend_before)),
    roas === null ? UNKNOWN : `${isEstimate ? 'about ' : ''}${ratio(roas)}`,
    ratio(figure(row.roas_before)),
    bestText(row, best),
    roas === null || best === null || best === 0 ? UNKNOWN : percent(roas / best, 0),
  ];
}

function liveText(row: JsonRow): Part {
  const days = Number(row.days_live);
  return [
    `${count(row.days_live)} ${days === 1 ? 'day' : 'days'}`,
    html`<br><small>since ${String(row.first_day)}</small>`,
  ];
}

function bestText(row: JsonRow, best: number | null): Part {
  if (best === null) return UNKNOWN;
  return [ratio(best), html`<br><small>up to ${String(row.best_until)}</small>`];
}
