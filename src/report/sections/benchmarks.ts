import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup, type Part } from '../html.ts';
import { change, figure, money, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { chip } from './chip.ts';
import { accountPart, type Parts } from './part.ts';

/** Metrics that a benchmark can be of, and what they are in words. */
const METRICS: Readonly<
  Record<string, readonly [title: string, kind: 'rate' | 'money' | 'ratio']>
> = {
  ctr: ['CTR', 'rate'],
  cvr: ['Purchases per click', 'rate'],
  cpc: ['Cost per click', 'money'],
  cpm: ['Cost of 1,000 impressions', 'money'],
  cpa: ['Cost per purchase', 'money'],
  roas: ['ROAS', 'ratio'],
};

/** The account against the benchmarks that its owner brought in. Nothing where there are none. */
export function benchmarks(parts: Parts): Markup | null {
  const { rows } = parts.figures.benchmarks;
  const [first] = rows;
  if (first === undefined) return null;
  const compared = rows.filter((row) => figure(row.figure) !== null);
  const left = rows.filter((row) => figure(row.figure) === null);
  return accountPart(parts, 'benchmarks', [
    html`<p class="about">The account’s 28 days up to ${String(first.until)} beside the benchmarks that you brought in, like with like: of the same objective or country where the benchmark has one. Late purchases that are still to come can raise ROAS and purchases per click.</p>`,
    compared.length === 0 ? html`<p>None of them can be compared.</p>` : table(compared),
    left.length === 0
      ? null
      : html`<p class="about">Not compared: ${left.map(leftText).join('; ')}.</p>`,
  ]);
}

function table(rows: readonly JsonRow[]): Markup {
  return dataTable({
    caption: 'Against benchmarks, 28 days',
    heads: ['What', 'Yours', 'Median', 'Usual', 'Against the median', 'Verdict'],
    rows: rows.map((row) => [
      html`${titleOf(row)}<br><small><bdi>${ofWhom(row)}</bdi></small>`,
      shown(row, 'figure'),
      shown(row, 'usual_median'),
      usualText(row),
      change(figure(row.figure), figure(row.usual_median)),
      verdictOf(row),
    ]),
  });
}

function titleOf(row: JsonRow): string {
  return METRICS[String(row.metric)]?.[0] ?? String(row.metric);
}

function shown(row: JsonRow, column: string): string {
  const value = row[column];
  const kind = METRICS[String(row.metric)]?.[1];
  if (kind === 'money') return money(value, String(row.currency));
  return kind === 'rate' ? percent(figure(value)) : ratio(figure(value));
}

function usualText(row: JsonRow): string {
  const [low, high] = [shown(row, 'usual_low'), shown(row, 'usual_high')];
  if (low === UNKNOWN) return high === UNKNOWN ? UNKNOWN : `up to ${high}`;
  return high === UNKNOWN ? `from ${low}` : `${low.replace(/ [A-Z]{3}$/, '')} to ${high}`;
}

/** Within the usual range nothing needs to be done, on whichever side of the median. */
function verdictOf(row: JsonRow): Part {
  if (row.place === 'within the usual range') return chip('Usual', '●');
  if (row.is_better === null || row.is_better === undefined) return chip('The same', '●');
  return row.is_better === true ? chip('Better', '▲') : chip('Worse', '▼');
}

/** What a benchmark is of, and who says so. */
function ofWhom(row: JsonRow): string {
  const of = [row.industry, row.objective, row.country].filter((each) => each !== '').map(String);
  return `${of.join(', ')}${of.length === 0 ? '' : ' – '}${String(row.source)}`;
}

function leftText(row: JsonRow): string {
  return `${titleOf(row)} (${ofWhom(row)}): ${String(row.note)}`;
}
