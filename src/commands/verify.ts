import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { counted, readableCount } from '../amount.ts';
import { DATASETS } from '../pipeline.ts';
import { runStages } from '../run.ts';
import { addVerdicts, type Damage, type Verdict } from '../verify/damage.ts';
import { verifyLanding } from '../verify/landing.ts';
import { verifyTasks } from '../verify/tasks.ts';
import { cacheFile, type Lake } from '../zone.ts';
import type { CommandContext, Typed } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';

/** `adlake verify`: reads the whole lake and compares it with what is recorded; 1 when something is wrong. */
export async function verify(context: CommandContext, _typed: Typed): Promise<number> {
  const verdict = await verdictOf(context);
  if (context.isJson) context.print(`${JSON.stringify(verdict, null, 2)}\n`);
  else tell(context, verdict);
  return verdict.damages.length === 0 ? 0 : 1;
}

/** `adlake repair`: makes every damaged file again from landing; 1 when something cannot be mended. */
export async function repair(context: CommandContext, typed: Typed): Promise<number> {
  if (context.isDryRun) return verify(context, typed);
  return holdingLake(context, 'repair', async () => {
    const startedAt = context.now();
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
