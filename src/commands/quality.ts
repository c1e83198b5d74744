import { counted, readableCount } from '../amount.ts';
import { didYouMean } from '../nearest.ts';
import { checkNames } from '../quality/check.ts';
import { type Example, examplesOf } from '../quality/examples.ts';
import { DIMENSIONS, type FailingCheck, type Quality, readQuality } from '../quality/scores.ts';
import { formatTable } from '../text-table.ts';
import { onOneLine } from './activity.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { checkAccounts } from './stage.ts';

/**
 * `adlake quality`: how good each table is, which checks do not hold, and rows that show it; with the
 * name of a check, more of its rows. `--json` gives all of it. Judges nothing anew.
 */
export async function quality(context: CommandContext, typed: Typed): Promise<number> {
  checkAccounts(context);
  const check = checkOf(typed);
  const quality = await readQuality(context.lake);
  if (quality === null) {
    throw usage(
      'The tables of this lake were not judged yet.',
      'Make them with `adlake run`, or `adlake staging-to-curated` when everything has landed.',
    );
  }
  const failing = chosen(context, quality, check);
  const examples = await examplesOf(context.lake, {
    checks: [...new Set(failing.map(({ check_name }) => check_name))],
    accounts: [...new Set(failing.map(({ account_id }) => account_id))],
    limit: check === null ? FEW : MANY,
  });
  if (context.isJson) {
    const found = { tables: quality.tables, failing, examples: Object.fromEntries(examples) };
    context.print(`${JSON.stringify(found, null, 2)}\n`);
  } else context.print(textOf({ quality, failing, examples, check }));
  return 0;
}

const FEW = 3;
const MANY = 100;

function checkOf(typed: Typed): string | null {
  const [name] = typed.args;
  if (name === undefined) return null;
  const names = checkNames();
  if (names.includes(name)) return name;
  throw usage(
    `There is no check ${JSON.stringify(name)}.${didYouMean(name, names)}`,
    `There are: ${names.join(', ')}.`,
  );
}

function chosen(
  context: CommandContext,
  quality: Quality,
  check: string | null,
): readonly FailingCheck[] {
  const { accounts, datasets } = context.selection;
  return quality.failing.filter(
    (one) =>
      (check === null || one.check_name === check) &&
      (accounts?.includes(one.account_id) ?? true) &&
      (datasets?.includes(one.table_name) ?? true),
  );
}

function textOf(of: {
  readonly quality: Quality;
  readonly failing: readonly FailingCheck[];
  readonly examples: ReadonlyMap<string, readonly Example[]>;
  readonly check: string | null;
}): string {
  const { quality, failing, examples, check } = of;
  const names = [...new Set(failing.map(({ check_name }) => check_name))];
  const stories = names.map((name) =>
    storyOf(
      failing.filter(({ check_name }) => check_name === name),
      examples.get(name) ?? [],
    ),
  );
  if (check !== null) return stories[0] ?? `${check} holds wherever it was judged.\n`;
  const more = `More rows of a check: \`adlake quality CHECK\`. Every check: \`adlake sql "select * from data_quality"\`.\n`;
  const verdict = names.length === 0 ? 'Every check holds.\n' : '';
  return [scoreTable(quality), ...stories, verdict + more].join('\n');
}

function scoreTable(quality: Quality): string {
  const dimensions = DIMENSIONS.filter((name) =>
    quality.tables.some((table) => table.dimensions[name] !== undefined),
  );
  return formatTable(
    ['table', 'score', 'checks', 'failing', ...dimensions],
    quality.tables.map((table) => [
      table.table_name,
      table.score.toFixed(2),
      readableCount(table.checks),
      readableCount(table.failing_checks),
      ...dimensions.map((name) => table.dimensions[name]?.toFixed(2) ?? ''),
    ]),
  );
}

function storyOf(failing: readonly FailingCheck[], examples: readonly Example[]): string {
  const [first] = failing;
  if (first === undefined) return '';
  const { check_name, table_name, dimension, what, must_hold } = first;
  const must =
    must_hold === 1 ? 'every row must hold' : `${must_hold * 100} % of the rows must hold`;
  const accounts = failing.map(
    ({ account_id, failing: rows, judged }) =>
      `  account ${account_id}: ${readableCount(rows)} of ${counted(judged, 'row')} ${rows === 1 ? 'does' : 'do'} not`,
  );
  const shown = examples.map(
    ({ account_id, place, expected, found }) =>
      `    ${account_id}, ${onOneLine(place)}: expected ${figure(expected)}, found ${figure(found)}`,
  );
  return [
    `${check_name} (${table_name}, ${dimension}): it should hold that ${what}; ${must}.`,
    ...accounts,
    ...(shown.length === 0 ? [] : ['  for example', ...shown]),
    '',
  ].join('\n');
}

/** Decimals come with all the zeros of their column. */
function figure(text: string): string {
  return onOneLine(/^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text);
}
