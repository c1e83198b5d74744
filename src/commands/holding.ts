import { counted } from '../amount.ts';
import { makeHome } from '../lake-home.ts';
import { lockLake } from '../lock.ts';
import { sweepTemporaries } from '../sweep.ts';
import { endThreads } from '../task-threads.ts';
import type { CommandContext } from './context.ts';

/**
 * Does `work` while this process alone may write to the lake; lets go when it ends, fails, or when a
 * person stops it. What a killed run left unfinished is swept first. Throws `LAKE_LOCKED`.
 */
export async function holdingLake<T>(
  context: CommandContext,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  makeHome(context.lake);
  const lock = lockLake(context.lake, command);
  const release = () => {
    lock.release();
  };
  const forget = context.world.onStop(async () => {
    await endThreads();
    sweepTemporaries(context.lake);
    release();
  });
  try {
    if (lock.isTakenOver) {
      const swept = sweepTemporaries(context.lake);
      context.progress.note(
        `The last run was killed. Its lock is taken over, ${counted(swept, 'unfinished file')} removed; nothing is lost.`,
      );
    }
    return await work();
  } finally {
    forget();
    release();
  }
}
