import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { counted, readableCount } from '../amount.ts';
import { DATASETS } from '../pipeline.ts';
import { runStages } from '../run.ts';
import { listRecords } from '../run-record.ts';
import { addVerdicts, type Damage, type Verdict } from '../verify/damage.ts';
import { readDoneTasks } from '../verify/done-tasks.ts';
import { verifyLanding } from '../verify/landing.ts';
import { proveRun } from '../verify/run.ts';
import { verifyTasks } from '../verify/tasks.ts';
import { cacheFile, type Lake } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';

/** `adlake verify`: reads the whole lake and compares it with what is recorded; 1 when something is wrong. */
export async function verify(context: CommandContext, typed: Typed): Promise<number> {
  if (typeof typed.options.run === 'string') return verifyRun(context, typed.options.run);
  const verdict = await verdictOf(context);
  if (context.isJson) context.print(`${JSON.stringify(verdict, null, 2)}\n`);
  else tell(context, verdict);
  return verdict.damages.length === 0 ? 0 : 1;
}

/** With `--run`: proves what a run recorded, from landing up. */
async function verifyRun(context: CommandContext, wanted: string): Promise<number> {
  const records = listRecords(context.lake);
  const record = wanted === 'last' ? records.at(-1) : records.find((one) => one.run_id === wanted);
  if (record === undefined) {
    throw usage(`There is no run ${wanted}.`, 'See `adlake runs list`, or say --run last.');
  }
  const { run_id, ended_at } = record;
  const tasks = readDoneTasks(context.lake, run_id) ?? [];
  const { verdict, left_out } = await proveRun(context.lake, { run_id, ended_at, tasks });
  const isProven = verdict.damages.length === 0;
  if (context.isJson) {
    context.print(`${JSON.stringify({ run: run_id, ...verdict, left_out }, null, 2)}\n`);
    return isProven ? 0 : 1;
  }
  context.print(
    `Run ${run_id}: made ${counted(verdict.tasks, 'task')} again from landing, and compared ${counted(verdict.files, 'file')} and page with what was recorded.\n`,
  );
  list(context, [...verdict.damages.map(sentence), ...left_out]);
  const none = tasks.length === 0 ? 'The run did no task, so there is nothing to prove.\n' : null;
  context.print(isProven ? (none ?? 'Landing gives what the run wrote.\n') : '');
  if (!isProven) {
    context.tell(
      'What next: `adlake verify` says whether the lake is whole now. A run of another version of adlake may have made other files of the same answers.',
    );
  }
  return isProven ? 0 : 1;
}

/** `adlake repair`: makes every damaged file again from landing; 1 when something cannot be mended. */
export async function repair(context: CommandContext, typed: Typed): Promise<number> {
  if (context.isDryRun) return verify(context, typed);
  return holdingLake(context, 'repair', async () => {
    const { startedAt } = context;
    const { damages } = await verdictOf(context);
    for (const { kind, path } of damages) {
      if (kind === 'file') rmSync(join(context.lake.home, path), { force: true });
    }
    if (damages.some(({ path }) => path.startsWith(QUARANTINE))) forgetTasks(context.lake);
    const stages = await runStages(context);
    const pulled = { source: 'none', extract: null } as const;
    await finish(context, { command: 'repair', startedAt, ...pulled, stages });
    const after = await verdictOf(context);
    if (!context.isJson) tell(context, after);
    return after.damages.length === 0 ? 0 : 1;
  });
}

const QUARANTINE = join('zones', 'quarantine');

/** Quarantine follows from a fold that is not done again while its own files are there. */
function forgetTasks(lake: Lake): void {
  rmSync(cacheFile(lake, 'tasks'), { recursive: true, force: true });
}

async function verdictOf({ lake }: CommandContext): Promise<Verdict> {
  return addVerdicts(verifyLanding(lake, DATASETS), await verifyTasks(lake));
}

/** More would hide the rest; `--json` has all of them. */
const SHOWN = 20;

function tell(context: CommandContext, verdict: Verdict): void {
  const { damages, strangers, due } = verdict;
  const megabytes = readableCount(Math.ceil(verdict.bytes / 1e6));
  context.print(
    `Compared ${counted(verdict.files, 'file')} (${megabytes} MB) with their hashes, and added up the rows of ${counted(verdict.tasks, 'task')}.\n`,
  );
  list(context, damages.map(sentence));
  if (damages.length === 0) context.print('Everything is as it was left.\n');
  if (due > 0) context.tell(`${counted(due, 'task')} not up to date: the next run does them.`);
  list(
    context,
    strangers.map((path) => `not adlake's: ${path}`),
  );
  if (damages.some(({ kind }) => kind !== 'page')) {
    context.tell('What next: `adlake repair` makes damaged files again from landing.');
  }
  if (damages.some(({ kind }) => kind === 'page')) {
    context.tell(
      'What next: what came from a source can only be put back (`adlake restore`) or pulled again (`adlake run --since … --until …`).',
    );
  }
}

function sentence({ kind, path, found }: Damage): string {
  return kind === 'page' ? `${path} ${found}: its answer is left out` : `${path} ${found}`;
}

function list(context: CommandContext, lines: readonly string[]): void {
  for (const line of lines.slice(0, SHOWN)) context.print(`  ${line}\n`);
  if (lines.length > SHOWN) context.print(`  and ${readableCount(lines.length - SHOWN)} more\n`);
}
