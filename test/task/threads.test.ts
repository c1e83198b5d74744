import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTemporaries } from '../../src/activity/sweep.ts';
import { AdlakeError } from '../../src/errors.ts';
import { silentLog } from '../../src/log/log.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { type Progress, silent } from '../../src/progress.ts';
import { planStages, runStages, type StageReport } from '../../src/run.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import type { Task } from '../../src/stage.ts';
import { landingToRaw } from '../../src/stages/landing-to-raw.ts';
import { openState } from '../../src/state.ts';
import { runTasks } from '../../src/task/run.ts';
import { startThreads, type TaskThreads, threadsWorthwhile } from '../../src/task/threads.ts';
import { dropDir, landingDir } from '../../src/zone.ts';
import { pull } from '../helpers/extract.ts';
import { keptLake } from '../helpers/lake.ts';
import { fingerprints, taskMemory } from '../helpers/world.ts';

const DERIVED = ['raw', 'staging', 'quarantine'];
/** Tables are made without threads. */
const OF_RECORDS = ['landing-to-raw', 'raw-to-staging'] as const;
const today = '2026-11-20';
const selection = { datasets: ['campaigns', 'insights_campaign_day', 'insights_country_day'] };
const lake = keptLake();
let sandbox: Sandbox;
let before: Made;

/** What a run made: the zones, the memory of its tasks, its reports and what it told. */
interface Made {
  readonly files: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, string>>;
  readonly reports: ReadonlyArray<Omit<StageReport, 'seconds'>>;
  readonly steps: readonly string[];
}

beforeAll(async () => {
  sandbox = await startSandbox({ today });
  await pull(sandbox, { lake, today, firstPullDays: 30, selection });
  changePage('insights_country_day', (text) => `${text} `);
  changeRecord();
  forget();
  before = await make(0);
});

afterAll(() => sandbox.close());

/** A page that is not what its batch says: the answer is ignored, and told of. */
function changePage(dataset: string, change: (text: string) => string): void {
  const path = pageOf(dataset);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** A record that breaks its contract, in a file of rates that a person dropped. */
function changeRecord(): void {
  mkdirSync(dropDir(lake, 'fx_rates'), { recursive: true });
  writeFileSync(
    join(dropDir(lake, 'fx_rates'), 'rates.csv'),
    'date,currency,usd_per_unit,mood\n2026-11-01,EUR,much,good\n',
  );
}

function pageOf(name: string): string {
  const dataset = DATASETS.find((each) => each.name === name);
  if (dataset === undefined) throw new Error(name);
  const folder = dirname(landingDir(lake, dataset, '0'));
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return join(folder, pages.filter((path) => path.endsWith('page-00001.json')).sort()[0] ?? '');
}

function forget(): void {
  for (const zone of DERIVED)
    rmSync(join(lake.home, 'zones', zone), { recursive: true, force: true });
  rmSync(join(lake.home, 'cache'), { recursive: true, force: true });
}

async function make(threads: number): Promise<Made> {
  const steps: string[] = [];
  const progress: Progress = {
    ...silent,
    step: (stage, { done, total }) => steps.push(`${stage} ${done} of ${total}`),
  };
  const reports = await runStages({ lake, selection: {}, progress, threads, stages: OF_RECORDS });
  return {
    files: fingerprints(lake, DERIVED),
    tasks: taskMemory(lake),
    reports: reports.map(({ seconds: _, ...report }) => report),
    steps,
  };
}

async function failureOf(threads: number): Promise<AdlakeError> {
  const failed = await make(threads).catch((error: unknown) => error);
  if (failed instanceof AdlakeError) return failed;
  throw new Error(`An AdlakeError was expected, found ${String(failed)}.`);
}

describe('tasks that threads do', () => {
  it('give what they give without: files, counts, notes, order, and the memory of them', async () => {
    expect(JSON.stringify(before.reports)).toContain('is ignored, its pages were changed');
    expect(before.reports[0]?.counts.quarantined).toBe(1);
    forget();
    expect(await make(2)).toEqual(before);
  });

  it('are not done again when nothing has changed', async () => {
    const { reports } = await make(2);
    expect(reports.map(({ done }) => done)).toEqual([1, 0]);
  });

  it('fail as they fail without, and leave nothing half done', async () => {
    const raw = Object.keys(before.files).find((path) => /^zones.raw.*ndjson$/.test(path)) ?? '';
    forget();
    await runStages({ lake, selection: {}, progress: silent, stages: ['landing-to-raw'] });
    writeFileSync(join(lake.home, raw), 'no record\n');
    const [there, here] = [await failureOf(2), await failureOf(0)];
    expect(here.code).toBe('FILE_UNREADABLE');
    expect(there).toMatchObject({ ...here, message: here.message });
    expect(there.cause).toBeInstanceOf(Error);
    expect(there.stack).toContain('stageRecords');
    expect(listTemporaries(lake)).toEqual([]);
    rmSync(join(lake.home, raw));
    await make(2);
    expect(fingerprints(lake, DERIVED)).toEqual(before.files);
  });
});

describe('a thread', () => {
  it('does not do a task that it would plan otherwise', async () => {
    const task = { ...(await firstTask()), fingerprint: 'of another landing' };
    const threads = startThreads(lake, 1);
    const answer = await threads.ask(0, { stage: 'landing-to-raw', task, records: [] });
    await threads.end();
    expect(answer).toEqual({ kind: 'planned-otherwise' });
  });

  it('that dies of too little memory gives its task back, and the task is done all the same', async () => {
    // Enough to begin with: with less, Node 24 ends the whole process.
    const threads = startThreads(lake, 2, 5);
    const task = await firstTask();
    expect(await threads.ask(0, { stage: 'landing-to-raw', task, records: [] })).toBe(null);
    expect(await done(threads, task)).toEqual(await done(null, task));
    await threads.end();
  });
});

async function firstTask(): Promise<Task> {
  const tasks = await planStages({ lake, selection: {}, progress: silent });
  const task = tasks.find((each) => each.stage === 'landing-to-raw');
  if (task === undefined) throw new Error('Nothing has landed.');
  return task;
}

async function done(threads: TaskThreads | null, task: Task) {
  const none = () => [];
  const context = { lake, datasets: DATASETS, selection: {}, progress: silent };
  const whole = { ...context, outputsOf: none, fingerprintOf: () => null, memoryOf: () => null };
  await landingToRaw.plan(whole);
  const state = openState(lake);
  return runTasks({
    onStop: () => () => {},
    log: silentLog,
    stage: landingToRaw,
    context: whole,
    tasks: [task],
    state,
    threads,
  });
}

describe('threads are started', () => {
  const task = { state: 'missing', bytes: 1000 } as Task;

  it.each([
    ['for two tasks that read much', [20_000_000, 20_000_000], true],
    ['for many tasks that read little', Array<number>(200).fill(1000), true],
    ['not for a daily trifle', Array<number>(40).fill(100_000), false],
    ['not for one task, however large', [900_000_000], false],
  ])('%s', (_, bytes, isWorthwhile) => {
    const tasks = bytes.map((each) => ({ ...task, bytes: each }));
    expect(threadsWorthwhile(landingToRaw, tasks) > 1).toBe(isWorthwhile);
  });
});
