import { runStages, type StageReport } from '../run.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import type { CommandContext, Typed } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import type { watch } from './watch.ts';

/** `adlake run`: pulls what is due, then brings every zone up to date, and sums it up. */
export async function run(context: CommandContext, typed: Typed): Promise<number> {
  if (context.isDryRun) return (await import('./plan.ts')).plan(context, typed);
  return holdingLake(context, 'run', async () => {
    const { startedAt } = context;
    const pulled = typed.options.offline === true ? NOT_PULLED : await pulledNow(context);
    const stages = await runStages(context);
    const alerts = await watched(context, { extract: pulled.extract });
    const report = typed.options.report === true ? await reported(context, stages) : null;
    return finish(context, { command: 'run', startedAt, ...pulled, stages, report, alerts });
  });
}

/** The client of the API is loaded for those who ask one. */
async function pulledNow(context: CommandContext) {
  const { pull } = await import('./pull.ts');
  return pull(context);
}

/** Alerts are looked at when the tables are whole. */
async function watched(context: CommandContext, did: Parameters<typeof watch>[1]) {
  return (await import('./watch.ts')).watch(context, did);
}

/** The page and workbook of the last days, whatever days were asked for; the summary says where it is. */
async function reported(context: CommandContext, stages: readonly StageReport[]): Promise<string> {
  const { writeReport } = await import('./report.ts');
  const { accounts } = context.selection;
  const selection = accounts === undefined ? {} : { accounts };
  return (await writeReport({ ...context, selection }, {}, stages)).path;
}

const NOT_PULLED: { readonly source: 'none'; readonly extract: ExtractSummary | null } = {
  source: 'none',
  extract: null,
};
