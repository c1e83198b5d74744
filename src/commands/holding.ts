import { sweepTemporaries } from '../activity/sweep.ts';
import { counted } from '../amount.ts';
import { toAdlakeError } from '../errors.ts';
import { migrate } from '../lake-format.ts';
import { makeHome } from '../lake-home.ts';
import { lockLake } from '../lock.ts';
import { endThreads } from '../task/threads.ts';
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
    context.log.write('warn', { msg: 'stopped by a signal' });
    await endThreads();
    await context.log.end();
    sweepTemporaries(context.lake);
    release();
    context.tell(
      `Stopped. Everything that was finished is kept; \`adlake ${command}\` with the same options goes on from there.`,
    );
  });
  context.log.begin(command);
  try {
    if (lock.isTakenOver) {
      const swept = sweepTemporaries(context.lake);
      context.progress.note(
        `The last run was killed. Its lock is taken over, ${counted(swept, 'unfinished file')} removed; nothing is lost.`,
      );
    }
    migrate(context.lake);
    const done = await work();
    context.log.write('info', { msg: 'ended' });
    return done;
  } catch (thrown) {
    const { code, message, remedy, exitCode } = toAdlakeError(thrown);
    context.log.write('error', { msg: message, code, remedy, exit_code: exitCode });
    throw thrown;
  } finally {
    await context.log.end();
    forget();
    release();
  }
}
