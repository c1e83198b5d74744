import { sweepTemporaries } from '../activity/sweep.ts';
import { counted } from '../amount.ts';
import { toAdlakeError } from '../errors.ts';
import { migrate } from '../lake-format.ts';
import { makeHome } from '../lake-home.ts';
import { lockLake } from '../lock.ts';
import { instantOfRun, lastRunId, runIdOf } from '../run-record.ts';
import { endThreads } from '../task/threads.ts';
import { refuseLinks } from '../verify/links.ts';
import type { CommandContext } from './context.ts';

/**
 * Does `work` while this process alone may write to the lake; lets go when it ends, fails, or when a
 * person stops it. What a killed run left unfinished is swept first. Throws `LAKE_LOCKED`, and `DISK` for a
 * lake with links among its folders.
 */
export async function holdingLake<T>(
  context: CommandContext,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  makeHome(context.lake);
  refuseLinks(context.lake);
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
    tellOfClock(context);
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

/** Runs come one after the other, so one that seems to begin before the last has another clock. */
function tellOfClock({ lake, startedAt, progress }: CommandContext): void {
  const last = lastRunId(lake);
  if (last === null || last <= runIdOf(startedAt)) return;
  progress.warn(
    `The clock went back: it is ${startedAt.slice(0, 19)}Z, and the last run began at ${instantOfRun(last)}. Answers keep the order in which they come, so the newest still counts; but days are asked for by this clock. \`adlake doctor\` compares it with that of the API.`,
  );
}
