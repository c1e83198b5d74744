import type { LakeOrigin } from '../lake-origin.ts';
import { type ExtractSummary, extract } from '../stages/api-to-landing.ts';
import type { CommandContext } from './context.ts';
import { openSource } from './source.ts';

/** Opens the source, pulls what is due into landing, and closes it again. */
export async function pull(
  context: CommandContext,
): Promise<{ readonly source: LakeOrigin; readonly extract: ExtractSummary }> {
  const source = await openSource(context);
  try {
    const { lake, progress, now, today, selection } = context;
    const { config, firstPullDays, token } = source;
    const settings = { lake, progress, now, today, selection, config, firstPullDays, token };
    return { source: source.origin, extract: await extract(settings) };
  } finally {
    await source.close();
  }
}
