import type { JsonRow } from '../../duckdb/duckdb.ts';
import { dayBars, dayLine, type EstimatedDay } from '../charts/days.ts';
import { html, type Markup } from '../html.ts';
import { compact, count, figure, money, ratio } from '../number.ts';
import { dataTable } from '../table.ts';
import { settledText } from './headline.ts';
import { accountPart, emptyState, type Parts, picture } from './part.ts';

/** Spend and ROAS by day, with what days that still change will come to. */
export function overTime(parts: Parts): Markup {
  const { figures, currency, span } = parts;
  const { rows } = figures.days;
  if (rows.length === 0) {
    return accountPart(
      parts,
      'days',
      emptyState(
        'The lake holds no day of this span.',
        html`Pull it with <code>npx adlake run --since ${span.since} --until ${span.until}</code>.`,
      ),
    );
  }
  const between = `${span.since} to ${span.until}`;
  return accountPart(parts, 'days', [
    html`<p class="about">${settledText(parts)}</p>`,
    html`<div class="pictures">${spendPicture(parts)}${roasPicture(parts)}</div>`,
    dataTable({
      caption: `Spend and ROAS, ${between}`,
      heads: ['Day', 'Spend', 'Purchases', 'Value', 'ROAS', 'ROAS in the end, about', 'State'],
      rows: rows.map((row) => dayRow(row, currency)),
      isFolded: true,
    }),
  ]);
}

function spendPicture({ id, figures, currency }: Parts): Markup {
  const chart = dayBars(figures.days.rows.map(spendDay), {
    id: `${id}-spend`,
    title: 'Spend a day',
    description: 'One bar a day. Hatched bars are provisional. The table below has the numbers.',
    format: compact,
  });
  return picture(`Spend a day, in ${currency}`, chart, 'Hatched: provisional, it still changes.');
}

function roasPicture({ id, figures }: Parts): Markup {
  const { rows } = figures.days;
  const days = rows.map(roasDay);
  const isEstimated = days.some(({ estimate }) => estimate !== null);
  const chart = dayLine(days, {
    id: `${id}-roas`,
    title: 'ROAS a day',
    description: `Purchase value over spend of each day. The dashed part is provisional and usually still grows.${isEstimated ? ' A second line with dots is what these days will come to, in a band that holds 80 % of the cases.' : ''} The table below has the numbers.`,
    format: ratio,
  });
  const later = isEstimated ? ESTIMATED : notEstimated(rows);
  return picture('ROAS a day', chart, `Purchase value over spend. ${DASHED} ${later}`.trim());
}

const DASHED = 'Dashed: provisional, late purchases are still to come.';
const ESTIMATED =
  'Dots: what the day will come to, by how days grew in the past; in 80 of 100 cases it ends within the band.';

function spendDay(row: JsonRow) {
  return {
    date: String(row.date),
    isSettled: row.is_settled === true,
    value: figure(row.spend),
  };
}

function roasDay(row: JsonRow): EstimatedDay {
  const [value, low, high] = [row.roas_matured, row.roas_low, row.roas_high].map(figure);
  const isEstimated = row.basis === 'estimated';
  return {
    date: String(row.date),
    isSettled: row.is_settled === true,
    value: figure(row.roas),
    estimate:
      isEstimated && isNumber(value) && isNumber(low) && isNumber(high)
        ? { value, low, high }
        : null,
  };
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** Why there is no estimate: most often the lake is too young to know how days grow. */
function notEstimated(rows: readonly JsonRow[]): string {
  if (rows.every((row) => row.is_settled === true)) return '';
  return rows.some((row) => row.basis === 'too few settled days')
    ? 'What they will come to can be told once the lake has seen some days settle: let it pull every day for about six weeks.'
    : '';
}

function dayRow(row: JsonRow, currency: string) {
  const isEstimated = row.basis === 'estimated' && row.roas_matured !== null;
  return [
    String(row.date),
    money(row.spend, currency),
    count(row.conversions),
    money(row.purchase_value, currency),
    ratio(figure(row.roas)),
    isEstimated
      ? `${ratio(figure(row.roas_matured))} (${ratio(figure(row.roas_low))} to ${ratio(figure(row.roas_high))})`
      : ratio(row.is_settled === true ? figure(row.roas) : null),
    row.is_settled === true ? 'settled' : 'provisional',
  ];
}
