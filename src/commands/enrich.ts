import { resolve } from 'node:path';
import { counted } from '../amount.ts';
import { enrich as readCreatives } from '../enrichment/enrich.ts';
import { runStages } from '../run.ts';
import { onOneLine } from './activity.ts';
import type { CommandContext, Typed } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';

/**
 * `adlake enrich`: reads the texts of the creatives, and with `--images` pictures of them, and brings
 * what was found through all zones.
 */
export async function enrich(context: CommandContext, typed: Typed): Promise<number> {
  const { images } = typed.options;
  const folder = typeof images === 'string' ? resolve(context.world.cwd, images) : null;
  return holdingLake(context, 'enrich', async () => {
    const startedAt = context.now();
    const { lake, isDryRun } = context;
    const found = await readCreatives({ lake, images: folder, now: startedAt, isDryRun });
    context.tell(
      `${isDryRun ? 'Would read' : 'Read'} ${counted(found.texts, 'text')} (as English) and ${counted(found.images, 'picture')} that were not read yet.`,
    );
    for (const { file, why } of found.leftOut) {
      context.progress.warn(`Left out ${onOneLine(file)}: ${onOneLine(why)}.`);
    }
    if (found.batches.length === 0) return 0;
    const stages = await runStages({ ...context, selection: {} });
    return finish(context, {
      command: 'enrich',
      startedAt,
      source: 'none',
      extract: null,
      stages,
    });
  });
}
