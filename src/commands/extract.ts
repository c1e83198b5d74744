import type { CommandContext, Typed } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import { planPull } from './plan.ts';
import { pull } from './pull.ts';

/** `adlake extract`: pulls what is due into landing, and goes no further. */
export async function extractOnly(context: CommandContext, _typed: Typed): Promise<number> {
  if (context.isDryRun) return planPull(context);
  return holdingLake(context, 'extract', async () => {
    const { startedAt } = context;
    const pulled = await pull(context);
    return finish(context, { command: 'extract', startedAt, ...pulled, stages: [] });
  });
}
