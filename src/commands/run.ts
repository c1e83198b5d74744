import { runStages } from '../run.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import type { CommandContext, Typed } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import { plan } from './plan.ts';
import { pull } from './pull.ts';

/** `adlake run`: pulls what is due, then brings every zone up to date, and sums it up. */
export async function run(context: CommandContext, typed: Typed): Promise<number> {
  if (context.isDryRun) return plan(context, typed);
  return holdingLake(context, 'run', async () => {
    const startedAt = context.now();
    const pulled = typed.options.offline === true ? NOT_PULLED : await pull(context);
    const stages = await runStages(context);
    return finish(context, { command: 'run', startedAt, ...pulled, stages });
  });
}

const NOT_PULLED: { readonly source: 'none'; readonly extract: ExtractSummary | null } = {
  source: 'none',
  extract: null,
};
