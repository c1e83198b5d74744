import { counted } from '../amount.ts';
import { leanOf } from '../compare/lean.ts';
import type { JsonRow } from '../duckdb/duckdb.ts';
import { answersTo } from '../history/question.ts';
import { formatTable } from '../text-table.ts';
import { type CommandContext, countOption, type Typed, usage } from './context.ts';

const DEFAULT_DAYS = '30';

/**
 * `adlake predictions accuracy`: how far predictions of ROAS and CTR were off, over the last days that can be
 * compared; whether they lean to one side; and whether high ones were high (calibration).
 */
export async function predictionAccuracy(context: CommandContext, typed: Typed): Promise<number> {
  const days = countOption('--days', String(typed.options.days ?? DEFAULT_DAYS), 1);
  const { accounts = [null] } = context.selection;
  if (accounts.length > 1) throw usage('One account can be chosen.', 'Give --account once.');
  const values = { days, account: accounts[0] ?? null };
  const rows = await answersTo(context.lake, { name: 'prediction_accuracy', values });
  const measures = rows.map(measureOf);
  if (context.isJson) context.print(`${JSON.stringify({ days, measures }, null, 2)}\n`);
  else context.print(measures.length === 0 ? NOTHING : inWords(measures));
  return 0;
}

const NOTHING = [
  'No prediction can be compared with what came.',
  'Bring some in with `adlake import predictions.csv` (columns prediction_id, campaign_id, date, predicted_roas, predicted_ctr), then `adlake run --offline`.',
  'The table prediction_comparisons says of each why it cannot be compared.',
  '',
].join('\n');

/** One row of the answer: all predictions of a metric (band 0), or a third of them by what they predicted. */
interface Measure {
  readonly metric: 'roas' | 'ctr';
  readonly band: 0 | 1 | 2 | 3;
  readonly predictions: number;
  readonly settled: number;
  readonly since: string;
  readonly until: string;
  readonly score: number;
  readonly predicted: number;
  readonly actual: number;
  readonly error: number;
  readonly bias: number;
  /** Standard deviation of the errors; null for one prediction. */
  readonly spread: number | null;
}

function measureOf(row: JsonRow): Measure {
  const band = Number(row.band);
  return {
    metric: row.metric === 'roas' ? 'roas' : 'ctr',
    band: band === 1 || band === 2 || band === 3 ? band : 0,
    predictions: Number(row.predictions),
    settled: Number(row.settled),
    since: String(row.since),
    until: String(row.until),
    score: Number(row.score),
    predicted: Number(row.predicted),
    actual: Number(row.actual),
    error: Number(row.error),
    bias: Number(row.bias),
    spread: row.spread === null || row.spread === undefined ? null : Number(row.spread),
  };
}

function inWords(measures: readonly Measure[]): string {
  const stories = measures.filter(({ band }) => band === 0).map((one) => storyOf(one, measures));
  return `${stories.join('\n')}\n`;
}

function storyOf(all: Measure, measures: readonly Measure[]): string {
  const { metric } = all;
  const bands = measures.filter((one) => one.metric === metric && one.band > 0);
  const rows = bands.map((one) => [
    BANDS[one.band],
    String(one.predictions),
    figure(metric, one.predicted),
    figure(metric, one.actual),
    one.score.toFixed(0),
  ]);
  return [
    `${NAMES[metric]}: accuracy ${all.score.toFixed(0)} of 100, over ${counted(all.predictions, 'prediction')}, ${all.since} to ${all.until} (${all.settled} of them of settled days).`,
    `On average ${figure(metric, all.predicted)} was predicted and ${figure(metric, all.actual)} came; off by ${figure(metric, all.error)} a prediction. ${leaning(all)}`,
    '',
    formatTable(['predicted', 'predictions', 'said', 'came', 'accuracy'], rows),
  ].join('\n');
}

const NAMES = { roas: 'ROAS', ctr: 'CTR' } as const;
const BANDS = { 0: 'all', 1: 'low third', 2: 'middle third', 3: 'high third' } as const;

function leaning(of: Measure): string {
  const lean = leanOf(of);
  if (lean === null) return 'They do not lean to one side, as far as can be told.';
  return `They are too ${lean}, by ${figure(of.metric, Math.abs(of.bias))} on average.`;
}

function figure(metric: Measure['metric'], value: number): string {
  return metric === 'roas' ? value.toFixed(2) : `${(100 * value).toFixed(2)} %`;
}
