import { leanOf } from '../../compare/lean.ts';
import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, percent, ratio } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, type Parts } from './part.ts';

/** How far predictions were off that somebody brought in. Nothing where none can be compared. */
export function predictions(parts: Parts): Markup | null {
  const { rows } = parts.figures.predictions;
  if (rows.length === 0) return null;
  return accountPart(parts, 'predictions', [
    html`<p class="about">Predictions for days of this report that you brought in, each of a campaign’s day, against what came. Accuracy is 100 when all were exact; it is 50 when twice as much came as was said, or half of it. Days that still change count by what they are estimated to come to. Whether high ones were high: <code>npx adlake predictions accuracy${parts.lakeOption}</code>.</p>`,
    dataTable({
      caption: 'Predictions, and what came',
      heads: ['Predicted', 'By', 'Compared', 'Accuracy', 'Said', 'Came', 'Off by', 'Leaning'],
      rows: rows.map(rowOf),
    }),
  ]);
}

function rowOf(row: JsonRow) {
  const shown = (value: number | null) => (row.metric === 'ctr' ? percent(value) : ratio(value));
  const [all, settled] = [Number(row.predictions), Number(row.settled)];
  return [
    row.metric === 'ctr' ? 'CTR' : 'ROAS',
    html`<bdi>${String(row.model ?? row.source)}</bdi>`,
    settled === all ? count(all) : `${count(all)}, ${count(settled)} settled`,
    Number(row.accuracy_score).toFixed(0),
    shown(figure(row.predicted)),
    shown(figure(row.actual)),
    shown(figure(row.error)),
    leanText(row),
  ];
}

function leanText(row: JsonRow): string {
  const lean = leanOf({
    bias: Number(row.bias),
    spread: figure(row.spread),
    predictions: Number(row.predictions),
  });
  return lean === null ? 'to neither side' : `too ${lean}`;
}
