import { setTimeout as sleep } from 'node:timers/promises';
import { counted, readableCount } from '../amount.ts';
import { DATASETS } from '../pipeline.ts';
import { getRates } from '../platforms/internal/ecb-client.ts';
import { type FxUpdated, updateRates } from '../platforms/internal/fx-update.ts';
import { dayAt } from '../window.ts';
import type { CommandContext } from './context.ts';
import { holdingLake } from './holding.ts';

/** `adlake fx update`: brings the reference rates of the European Central Bank into landing. */
export async function fxUpdate(context: CommandContext): Promise<number> {
  if (context.isDryRun) return tell(context, await update(context));
  return holdingLake(context, 'fx update', async () => tell(context, await update(context)));
}

function update(context: CommandContext): Promise<FxUpdated> {
  const now = context.now();
  const client = {
    baseUrl: context.config.fxBaseUrl,
    sleep: async (milliseconds: number) => {
      await sleep(milliseconds);
    },
  };
  return updateRates({
    lake: context.lake,
    facts: DATASETS,
    since: context.selection.since ?? null,
    today: context.today ?? dayAt(now, 'UTC'),
    now,
    get: (file) => getRates(client, file),
    isDryRun: context.isDryRun,
  });
}

function tell(context: CommandContext, updated: FxUpdated): number {
  const { file, since, until, rates, batch } = updated;
  if (context.isJson) {
    const result = { file, since, until, rates, batch_id: batch?.batch_id ?? null };
    context.print(`${JSON.stringify(result, null, 2)}\n`);
    return 0;
  }
  const what = `${readableCount(rates)} rates of ${since} to ${until}`;
  if (context.isDryRun) {
    context.print(`Would land ${file} with ${what}.\n`);
  } else if (batch === null) {
    context.print(`Nothing new: ${file} with ${what} is in landing already.\n`);
  } else {
    context.print(
      `Landed ${counted(rates, 'rate')} of ${since} to ${until} as ${batch.batch_id}.\n`,
    );
    context.tell('What next: `adlake run --offline` makes the dollar figures.');
  }
  return 0;
}
