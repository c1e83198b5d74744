import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log/log.ts';
import { silent } from '../../src/progress.ts';
import { NO_ROWS, type RowCounts, type Stage, type Task } from '../../src/stage.ts';
import { openState } from '../../src/state.ts';
import { runTasks } from '../../src/task/run.ts';
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

/** Does one task that counts these rows. */
function runCounting(lake: Lake, counts: Partial<RowCounts>): Promise<unknown> {
  const stage: Stage = {
    name: 'landing-to-raw',
    kind: 'record',
    input: 'landing',
    output: 'raw',
    needsPlan: false,
    plan: async () => [TASK],
    due: async () => ({ tasks: [TASK], fresh: 0 }),
    execute: async () => ({
      counts: { ...NO_ROWS, ...counts },
      outputs: [],
      notes: [],
      isFinal: true,
    }),
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
  return runTasks({ ...run, onStop: () => () => {} }).finally(() => state.save());
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
