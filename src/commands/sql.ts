import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AdlakeError } from '../errors.ts';
import { readIfThere } from '../file.ts';
import { didYouMean } from '../nearest.ts';
import { runQuery } from '../query/query.ts';
import type { QueryFormat } from '../query/text.ts';
import { type CommandContext, countOption, type Typed, usage } from './context.ts';

/** `adlake sql`: answers one reading statement over the curated tables, on standard output. */
export async function sql(context: CommandContext, typed: Typed): Promise<number> {
  const { maxRows } = typed.options;
  const limit =
    typeof maxRows === 'string' ? { maxRows: countOption('--max-rows', maxRows, 1) } : {};
  const format = formatOf(context, typed.options.format);
  const answer = await runQuery(context.lake, statementOf(context, typed), { format, ...limit });
  context.print(answer.text);
  if (answer.isCutShort) {
    context.progress.warn(
      `Only the first ${answer.rows} rows are shown. Give --max-rows a higher number for more.`,
    );
  }
  return 0;
}

const FORMATS: readonly QueryFormat[] = ['table', 'csv', 'json', 'md'];

/** The format that was typed, else a table on a terminal and CSV in a pipe. Throws `USAGE`. */
export function formatOf(context: CommandContext, typed: unknown): QueryFormat {
  const fallback = context.world.stdout.isTTY === true ? 'table' : 'csv';
  const name = typed ?? (context.isJson ? 'json' : fallback);
  const format = FORMATS.find((one) => one === name);
  if (format !== undefined) return format;
  throw usage(
    `There is no format ${JSON.stringify(name)}.${didYouMean(String(name), FORMATS)}`,
    `Give --format one of: ${FORMATS.join(', ')}.`,
  );
}

const STANDARD_INPUT = 0;

function statementOf(context: CommandContext, typed: Typed): string {
  const [query] = typed.args;
  const { file } = typed.options;
  if (query !== undefined && file !== undefined) {
    throw usage('There is a statement and a --file; one of them is needed.', 'Leave one out.');
  }
  if (typeof file === 'string') return textOfFile(resolve(context.world.cwd, file));
  return query ?? readFileSync(STANDARD_INPUT, 'utf8');
}

function textOfFile(path: string): string {
  const bytes = readIfThere(path);
  if (bytes !== null) return bytes.toString('utf8');
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `There is no file ${path}.`,
    remedy: 'Check the path after --file.',
  });
}
