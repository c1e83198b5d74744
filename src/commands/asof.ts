import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { counted } from '../amount.ts';
import { type AsofLake, cutBack } from '../history/asof.ts';
import { questionSql } from '../history/question.ts';
import { runQuery } from '../query/query.ts';
import type { QueryFormat } from '../query/text.ts';
import { runStages } from '../run.ts';
import { isDay } from '../window.ts';
import { closeIdle } from '../workspace.ts';
import { cacheFile } from '../zone.ts';
import { type CommandContext, countOption, type Typed, usage } from './context.ts';
import { formatOf } from './sql.ts';

/**
 * `adlake asof DATE`: makes the tables again from what had been asked for on or before that day, in a
 * place of their own, and answers a question about them. With `--out` they stay there.
 */
export async function asof(context: CommandContext, typed: Typed): Promise<number> {
  const day = dayOf(typed);
  const format = formatOf(context, typed.options.format);
  const place = placeOf(context, typed.options.out);
  const tidy = () => {
    if (!place.isKept) rmSync(place.folder, { recursive: true, force: true });
  };
  const forget = context.world.onStop(tidy);
  try {
    const { accounts } = context.selection;
    const into = place.folder;
    const cut = cutBack(context.lake, { day, into, ...(accounts ? { accounts } : {}) });
    checkKnown(cut, day);
    await runStages({ lake: cut.lake, selection: {}, progress: context.progress });
    context.tell(storyOf(cut, day));
    if (place.isKept) context.tell(`It is in ${into}, a lake of its own: --lake opens it.`);
    await answer(context, cut, { typed, format });
    return 0;
  } finally {
    closeIdle();
    tidy();
    forget();
  }
}

async function answer(
  context: CommandContext,
  cut: AsofLake,
  asked: { readonly typed: Typed; readonly format: QueryFormat },
): Promise<void> {
  const { sql, maxRows } = asked.typed.options;
  const limit =
    typeof maxRows === 'string' ? { maxRows: countOption('--max-rows', maxRows, 1) } : {};
  const statement = typeof sql === 'string' ? sql : questionSql('accounts_as_known');
  const found = await runQuery(cut.lake, statement, { format: asked.format, ...limit });
  context.print(found.text);
  if (found.isCutShort) {
    context.progress.warn(
      `Only the first ${found.rows} rows are shown. Give --max-rows a higher number for more.`,
    );
  }
}

function checkKnown(cut: AsofLake, day: string): void {
  if (cut.answers > 0) return;
  throw usage(
    `Nothing was known on ${day}: ${cut.firstDay === null ? 'nothing has been asked for yet' : `the first answer in landing was asked for on ${cut.firstDay}`}.`,
    cut.firstDay === null
      ? 'Run `adlake run` first.'
      : `Give a day from ${cut.firstDay} on; each is the ad account's own.`,
  );
}

function storyOf(cut: AsofLake, day: string): string {
  const later =
    cut.later === 0 ? 'none is younger' : `${counted(cut.later, 'younger one')} left out`;
  const dropped =
    cut.dropped.length === 0
      ? ''
      : ` Dropped files carry no day of their own and are as they are now: ${counted(cut.dropped.length, 'file')}.`;
  return `As of ${day}: made from ${counted(cut.answers, 'answer')}, ${later}.${dropped}`;
}

interface Place {
  readonly folder: string;
  readonly isKept: boolean;
}

/** Beside the lake's own files, so that landing can be linked, when it is not to be kept. */
function placeOf(context: CommandContext, out: unknown): Place {
  if (typeof out === 'string') return { folder: resolve(context.world.cwd, out), isKept: true };
  const name = context.now().replaceAll(/[-:.]/g, '');
  return { folder: join(cacheFile(context.lake, 'asof'), name), isKept: false };
}

function dayOf(typed: Typed): string {
  const [day = ''] = typed.args;
  if (isDay(day)) return day;
  throw usage(
    `The day must be written YYYY-MM-DD, found ${JSON.stringify(day)}.`,
    'Write it like this: adlake asof 2026-03-31',
  );
}
