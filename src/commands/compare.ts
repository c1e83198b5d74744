import { counted } from '../amount.ts';
import {
  COMPARED_METRICS,
  type ComparedMetric,
  type Comparison,
  compareBy,
  type Verdict,
} from '../compare/comparison.ts';
import { type Side, type Sides, sidesOf } from '../compare/side.ts';
import { formatTable } from '../text-table.ts';
import { daysBetween } from '../window.ts';
import { onOneLine } from './activity.ts';
import { type CommandContext, type Typed, usage } from './context.ts';

/**
 * `adlake compare A B`: which of two ads or campaigns is better by CTR, CVR and ROAS, how sure that is, and
 * what it costs on average to choose the wrong one.
 */
export async function compare(context: CommandContext, typed: Typed): Promise<number> {
  const [a = '', b = ''] = typed.args.map(idOf);
  if (a === b) throw usage('A and B are the same.', 'Give two different ids.');
  const metrics = metricsOf(typed.options.metric);
  const { since = null, until = null } = context.selection;
  const sides = await sidesOf(context.lake, { a, b, since, until });
  const comparisons = metrics.map((metric) => compareBy(metric, sides.a, sides.b));
  if (context.isJson) context.print(`${JSON.stringify(asJson(sides, comparisons), null, 2)}\n`);
  else context.print(inWords(sides, comparisons));
  return 0;
}

function idOf(text: string): string {
  if (/^\d{1,32}$/.test(text)) return text;
  throw usage(
    `An ad or a campaign is named by its id of digits, found ${JSON.stringify(text)}.`,
    'Write it like this: adlake compare 120210000000000011 120210000000000012 --metric ctr',
  );
}

function metricsOf(typed: unknown): readonly ComparedMetric[] {
  if (typed === undefined) return COMPARED_METRICS;
  const metric = COMPARED_METRICS.find((one) => one === typed);
  if (metric !== undefined) return [metric];
  throw usage(
    `There is no metric ${JSON.stringify(typed)}.`,
    `Give --metric one of: ${COMPARED_METRICS.join(', ')}.`,
  );
}

function asJson(sides: Sides, comparisons: readonly Comparison[]): object {
  const side = ({ level, id, name, accountId, currency, days }: Side) => ({
    level,
    id,
    name,
    account_id: accountId,
    currency,
    days: days.length,
    days_not_settled: days.filter(({ isSettled }) => !isSettled).length,
  });
  return {
    since: sides.since,
    until: sides.until,
    a: side(sides.a),
    b: side(sides.b),
    comparisons: comparisons.map((one) =>
      one.kind === 'not_compared'
        ? { metric: one.metric, reason: one.reason }
        : {
            metric: one.metric,
            a: one.a,
            b: one.b,
            probability_b_better: one.odds.betterB,
            expected_loss_a: one.odds.lossA,
            expected_loss_b: one.odds.lossB,
            verdict: one.verdict,
          },
    ),
    notes: notesOf(sides),
  };
}

function inWords(sides: Sides, comparisons: readonly Comparison[]): string {
  const { a, b, since, until } = sides;
  const compared = comparisons.filter((one) => one.kind === 'compared');
  const heads = ['', 'A', 'B', 'B is better', 'loss with A', 'loss with B'];
  const rows = compared.map((one) => [
    NAMES[one.metric],
    figure(one.metric, one.a),
    figure(one.metric, one.b),
    probability(one.odds.betterB),
    figure(one.metric, one.odds.lossA),
    figure(one.metric, one.odds.lossB),
  ]);
  return [
    `A: ${nameOf(a)}`,
    `B: ${nameOf(b)}`,
    `${since} to ${until}, ${counted(daysBetween(since, until) + 1, 'day')}, both inclusive.`,
    '',
    ...(rows.length === 0 ? [] : [formatTable(heads, rows)]),
    ...comparisons.map((one) => `${NAMES[one.metric]}: ${storyOf(one)}`),
    '',
    ...notesOf(sides).map((note) => `Note: ${note}`),
    '',
  ].join('\n');
}

const NAMES: Readonly<Record<ComparedMetric, string>> = { ctr: 'CTR', cvr: 'CVR', roas: 'ROAS' };

function nameOf({ level, id, name, accountId, days }: Side): string {
  const shown = name === null ? '' : ` ${JSON.stringify(onOneLine(name))}`;
  return `${level} ${id}${shown}, account ${accountId}, ${counted(days.length, 'day')} with figures`;
}

function storyOf(one: Comparison): string {
  if (one.kind === 'not_compared') return `not compared, because ${one.reason}.`;
  const { betterB, lossA, lossB } = one.odds;
  const sure = probability(Math.max(betterB, 1 - betterB));
  const loss = figure(one.metric, Math.min(lossA, lossB));
  return VERDICTS[one.verdict].replace('{sure}', sure).replace('{loss}', loss);
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  a_better: 'A is better, {sure} sure. Choosing A and being wrong costs {loss} on average.',
  b_better: 'B is better, {sure} sure. Choosing B and being wrong costs {loss} on average.',
  leaning_a:
    'A looks better ({sure}), but it is not sure yet: 95 % is. Choosing A now risks {loss} on average.',
  leaning_b:
    'B looks better ({sure}), but it is not sure yet: 95 % is. Choosing B now risks {loss} on average.',
  practically_equal: 'no difference that matters: either choice risks less than 1 % of it.',
  undecided: 'it cannot be told which is better. Let them run on, or choose by something else.',
};

function figure(metric: ComparedMetric, value: number): string {
  return metric === 'roas' ? value.toFixed(2) : `${(100 * value).toFixed(3)} %`;
}

/** Never quite 0 or 100 %: nothing that is estimated is. */
function probability(value: number): string {
  if (value > 0.9995) return 'over 99.9 %';
  return value < 0.0005 ? 'under 0.1 %' : `${(100 * value).toFixed(1)} %`;
}

function notesOf({ a, b }: Sides): readonly string[] {
  const unsettled = (side: Side) => side.days.filter(({ isSettled }) => !isSettled).length;
  const late = unsettled(a) + unsettled(b);
  return [
    ...(late > 0
      ? [
          `${counted(late, 'day')} of the two are not settled: purchases still come in, so CVR and ROAS may change.`,
        ]
      : []),
    ...(sameDays(a, b)
      ? []
      : ['They were not shown on the same days, so the season may make a difference.']),
    ...(a.currency === b.currency
      ? []
      : [
          'Their currencies differ; rates and ROAS have none, losses of ROAS are per unit of the own currency.',
        ]),
    'Meta decides who sees what, so this is no experiment: the people they were shown to may differ.',
  ];
}

function sameDays(a: Side, b: Side): boolean {
  const days = (side: Side) => side.days.map(({ date }) => date).join();
  return days(a) === days(b);
}
