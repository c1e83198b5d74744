import { relative } from 'node:path';
import { counted } from '../amount.ts';
import { rowsIn } from '../landing/batch.ts';
import { DUMP, DUMPED, landDump } from '../platforms/meta/dump.ts';
import { TOTAL_DAYS } from '../platforms/meta/retention.ts';
import { runStages } from '../run.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import { addDays, dayAt } from '../window.ts';
import { batchDir } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import { planPull } from './plan.ts';
import { pullMeta } from './pull.ts';

/** Days of a dump's insights in one question: large answers are split where they must be. */
const DUMP_CHUNK_DAYS = 30;

/**
 * `adlake dump`: asks for all campaigns, ad sets, ads and ad days of the accounts' life anew, 37 months
 * at most, lands them with a copy in four files for each account, and brings every table up to date.
 */
export async function dump(context: CommandContext, _typed: Typed): Promise<number> {
  if (context.selection.datasets !== undefined) {
    throw usage(
      '`adlake dump` takes no --dataset: it asks for campaigns, ad sets, ads and ad days.',
      'Leave --dataset out, or use `adlake run --dataset …`.',
    );
  }
  const asked = dumpContext(context);
  if (context.isDryRun) return planPull(asked);
  return holdingLake(context, 'dump', async () => {
    const { startedAt } = context;
    const pulled = await pullMeta(asked);
    const folders = landDumps(context, { startedAt, extract: pulled.extract });
    const stages = await runStages(context);
    for (const folder of folders) context.tell(folder);
    return finish(context, { command: 'dump', startedAt, ...pulled, stages });
  });
}

function dumpContext(context: CommandContext): CommandContext {
  const today = context.today ?? dayAt(context.now(), 'UTC');
  const { meta } = context.config;
  const chunkDays = Math.max(meta.chunkDays, DUMP_CHUNK_DAYS);
  const since = addDays(today, -TOTAL_DAYS);
  return {
    ...context,
    config: { ...context.config, meta: { ...meta, chunkDays } },
    selection: { since, ...context.selection, datasets: ['ad_accounts', ...DUMPED] },
  };
}

/** A dump is made of an account whose pull came to its end; the summary tells of the others. */
function landDumps(
  context: CommandContext,
  of: { readonly startedAt: string; readonly extract: ExtractSummary },
): readonly string[] {
  const { lake } = context;
  return of.extract.accounts
    .filter(({ error }) => error === undefined)
    .flatMap(({ account_id: accountId }) => {
      const input = { accountId, startedAt: of.startedAt, now: context.now() };
      const batch = landDump(lake, input);
      if (batch === null) return [];
      const folder = relative(lake.home, batchDir(lake, DUMP, batch));
      return [
        `Dump of account ${accountId}: ${counted(rowsIn(batch.pages), 'record')} in ${folder}`,
      ];
    });
}
