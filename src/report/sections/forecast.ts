import type { Json } from '@duckdb/node-api';
import type { JsonRow } from '../../duckdb/duckdb.ts';
import { addDays } from '../../window.ts';
import { dayLine, type EstimatedDay } from '../charts/days.ts';
import { html, type Markup, type Part } from '../html.ts';
import { between, compact, count, estimate, figure, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, type Parts, picture } from './part.ts';

/** How far the table looks; the rows of these days hold the sums up to them. */
const AHEAD = [7, 14, 28] as const;

const METRICS = [
  ['spend', 'Spend'],
  ['conversions', 'Purchases'],
  ['purchase_value', 'Value'],
  ['roas', 'ROAS'],
] as const;

type Metric = (typeof METRICS)[number][0];

/** What the next days will come to if all goes on as it does, and how far that can be believed. */
export function forecast(parts: Parts): Markup {
  const { rows } = parts.figures.forecast;
  if (rows.every((row) => figure(row.forecast) === null)) {
    return accountPart(
      parts,
      'forecast',
      emptyState('There are too few days with figures to tell what the next ones will bring.', ''),
    );
  }
  return accountPart(parts, 'forecast', [
    html`<p class="about">If all goes on as it does, with all late purchases in. In brackets: where it ends in 8 of 10 cases, by how past forecasts missed.</p>`,
    dataTable({
      caption: 'The next days together',
      heads: ['What', ...AHEAD.map((days) => `Next ${days} days`)],
      rows: METRICS.map(([metric, title]) => [
        title,
        ...AHEAD.map((days) => totalText(parts, metric, days)),
      ]),
    }),
    pictures(parts),
    believed(rows),
  ]);
}

function totalText({ figures, currency }: Parts, metric: Metric, days: number): Part {
  const row = figures.forecast.rows.find(
    (one) => one.metric === metric && Number(one.days_ahead) === days,
  );
  const total = figure(row?.total);
  if (row === undefined || total === null) return UNKNOWN;
  const { total_low: low = null, total_high: high = null } = row;
  const range = low === null || high === null ? null : rangeText(metric, [low, high], currency);
  return [
    amountText(metric, total, currency),
    range === null ? null : html`<br><small>(${range})</small>`,
  ];
}

function amountText(metric: Metric, value: number, currency: string): string {
  if (metric === 'roas') return ratio(value);
  return metric === 'conversions' ? count(value.toFixed(0)) : estimate(value, currency);
}

function rangeText(metric: Metric, [low, high]: readonly [Json, Json], currency: string): string {
  if (metric === 'spend' || metric === 'purchase_value') return between(low, high, currency);
  return `${amountText(metric, Number(low), currency)} to ${amountText(metric, Number(high), currency)}`;
}

/** Known days and the next ones in one picture, when the report ends where the forecast begins. */
function pictures(parts: Parts): Markup | null {
  const { id, span, figures, currency } = parts;
  const first = figures.forecast.rows[0]?.date ?? null;
  if (first !== addDays(span.until, 1)) return null;
  const chart = (metric: 'spend' | 'purchase_value', title: string) =>
    picture(
      `${title} a day, in ${currency}`,
      dayLine([...figures.days.rows.map((row) => known(row, metric)), ...next(parts, metric)], {
        id: `${id}-forecast-${metric}`,
        title: `${title} a day: known, and the next 28 days`,
        description:
          'A line for the days that are known; then dots for what the next days will come to, in a band that holds 80 % of the cases. The table above has the sums.',
        format: compact,
      }),
    );
  return html`<div class="pictures">${chart('spend', 'Spend')}${chart('purchase_value', 'Value')}</div>`;
}

function known(row: JsonRow, metric: string): EstimatedDay {
  return {
    date: String(row.date),
    isSettled: row.is_settled === true,
    value: figure(row[metric]),
    estimate: null,
  };
}

function next({ figures }: Parts, metric: string): readonly EstimatedDay[] {
  return figures.forecast.rows
    .filter((row) => row.metric === metric)
    .map((row) => {
      const value = figure(row.forecast);
      const [low, high] = [figure(row.low) ?? value, figure(row.high) ?? value];
      const estimate =
        value === null || low === null || high === null ? null : { value, low, high };
      return { date: String(row.date), isSettled: false, value: null, estimate };
    });
}

/** How far off it was when it was tried on days that have come since. */
function believed(rows: readonly JsonRow[]): Markup {
  const [spend, value] = ['spend', 'purchase_value'].map((metric) =>
    rows.find((row) => row.metric === metric && figure(row.trials) !== null),
  );
  if (spend === undefined || value === undefined)
    return html`<p class="about">It could not be tried on enough past days yet, so nobody can say how far it can be believed.</p>`;
  const naive =
    value.is_better_than_naive === false
      ? ' For value, simply taking the same weekday of the week before was no worse: read it with care.'
      : '';
  return html`<p class="about">Tried on ${count(value.trials)} past days, a day of it missed spend by ${percent(figure(spend.model_error), 0)} and value by ${percent(figure(value.model_error), 0)}.${naive}</p>`;
}
