import { drawFrom } from '../helpers/hostile-page.ts';
import { BODIES } from './bodies.ts';
import { CACHE } from './cache-files.ts';
import { EXPORTS } from './imports.ts';
import { LAKES } from './lakes.ts';
import { PAGES } from './records.ts';
import { SETTINGS } from './settings.ts';
import { STATEMENTS } from './statements.ts';
import { type Target, unexpected } from './target.ts';

/** Everything that takes what others made. */
export const TARGETS: readonly Target[] = [
  PAGES,
  EXPORTS,
  SETTINGS,
  CACHE,
  BODIES,
  LAKES,
  STATEMENTS,
];

/** More CPU than any input of these sizes takes, on a slow machine. */
const SLOW_SECONDS = 5;
/** More than all that is kept between inputs. */
const MOST_GROWTH_BYTES = 1_500_000_000;
const started = process.memoryUsage().rss;

/** Feeds the inputs of one seed to a target, and says of the first that it does not stand what happened. */
export async function feedAll({ name, batch, feed }: Target, seed: number): Promise<string | null> {
  const draw = drawFrom(seed * 7919 + name.length);
  for (let input = 1; input <= batch; input++) {
    const before = process.cpuUsage();
    const wrong = await fed(() => feed(draw));
    const { user, system } = process.cpuUsage(before);
    const where = `input ${input} of seed ${seed}`;
    if (wrong !== null) return `${where}: ${wrong}`;
    if ((user + system) / 1e6 > SLOW_SECONDS) return `${where} took ${(user + system) / 1e6} s`;
    const grown = process.memoryUsage().rss - started;
    if (grown > MOST_GROWTH_BYTES) return `${where}: ${grown} bytes more are held than at first`;
  }
  return null;
}

async function fed(feed: () => string | null | Promise<string | null>): Promise<string | null> {
  try {
    return await feed();
  } catch (error) {
    return unexpected(error) ?? `threw ${String(error)}`;
  }
}
