import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log/log.ts';
import { silent } from '../../src/progress.ts';
import {
  NO_ROWS,
  type RowCounts,
  type Stage,
  type Task,
  type TaskOutcome,
} from '../../src/stage.ts';
import { openState } from '../../src/state.ts';
import { runTasks, type TaskRun } from '../../src/task/run.ts';
import type { TaskThreads } from '../../src/task/threads.ts';
import type { Lake } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';

const TASK: Task = {
  id: 'landing-to-raw/campaigns/account_id=1/month=all',
  stage: 'landing-to-raw',
  dataset: 'campaigns',
  partition: { account_id: '1', month: 'all' },
  fingerprint: 'f',
  state: 'stale',
  bytes: 0,
};

const NOTHING_DONE: TaskOutcome = { counts: NO_ROWS, outputs: [], notes: [], isFinal: true };

/** Does one task that counts these rows. */
function runCounting(lake: Lake, counts: Partial<RowCounts>): Promise<unknown> {
  const run = doing(lake, counts);
  return runTasks(run).finally(() => run.state.save());
}

/** One task in this thread, which counts these rows. */
function doing(lake: Lake, counts: Partial<RowCounts>): TaskRun {
  const stage: Stage = {
    name: 'landing-to-raw',
    kind: 'record',
    input: 'landing',
    output: 'raw',
    needsPlan: false,
    plan: async () => [TASK],
    due: async () => ({ tasks: [TASK], fresh: 0 }),
    execute: async () => ({ ...NOTHING_DONE, counts: { ...NO_ROWS, ...counts } }),
  };
  const state = openState(lake);
  const context = {
    lake,
    datasets: [],
    selection: {},
    progress: silent,
    outputsOf: () => [],
    fingerprintOf: () => null,
    memoryOf: () => null,
  };
  const run = { stage, context, tasks: [TASK], state, threads: null, log: silentLog };
  return { ...run, onStop: () => () => {} };
}

describe('a task', () => {
  it('whose rows add up is remembered', async () => {
    const lake = temporaryLake();
    await runCounting(lake, {
      in: 5,
      added: 1,
      out: 2,
      quarantined: 1,
      superseded: 2,
      withdrawn: 1,
    });
    expect(openState(lake).get(TASK.id)?.counts.in).toBe(5);
  });

  it.each([{ in: 1 }, { out: 1 }, { in: 3, out: 2 }, { in: 2, out: 2, withdrawn: 1 }])(
    'whose rows do not add up fails, and is done again by the next run: %j',
    async (counts) => {
      const lake = temporaryLake();
      await expect(runCounting(lake, counts)).rejects.toMatchObject({ code: 'ACCOUNTING' });
      expect(openState(lake).get(TASK.id)).toBeUndefined();
    },
  );
});

describe('tasks in threads', () => {
  it.each([
    ['four small ones are under way in each', 500_000, 4],
    ['of larger ones each has one alone, even among small ones', 500_001, 1],
  ])('%s', async (_, bytes, expected) => {
    const lake = temporaryLake();
    const tasks = Array.from({ length: 40 }, (_, at) => ({
      ...TASK,
      id: `${TASK.id}${at}`,
      bytes: at === 7 ? bytes : 10,
    }));
    const threads = countingThreads();
    const outcomes = await runTasks({ ...doing(lake, NO_ROWS), tasks, threads });
    expect(outcomes).toHaveLength(40);
    expect(threads.most).toEqual([expected, expected]);
  });
});

/** Two threads that do nothing, and count how many tasks each had at one time. */
function countingThreads(): TaskThreads & { readonly most: readonly number[] } {
  const [now, most] = [
    [0, 0],
    [0, 0],
  ];
  return {
    size: 2,
    most,
    ask: async (lane) => {
      const thread = lane % 2;
      now[thread] = (now[thread] ?? 0) + 1;
      most[thread] = Math.max(most[thread] ?? 0, now[thread]);
      await new Promise((done) => setImmediate(done));
      now[thread]--;
      return { kind: 'done', outcome: NOTHING_DONE };
    },
    end: async () => {},
  };
}
