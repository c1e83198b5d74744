import { appendFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBatches } from '../src/landing/batch.ts';
import { META_DATASETS } from '../src/platforms/meta/datasets.ts';
import { silent } from '../src/progress.ts';
import { planStages } from '../src/run.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { batchDir } from '../src/zone.ts';
import { keptLake } from './helpers/lake.ts';
import { fingerprints, pullAndRun, runAll } from './helpers/world.ts';

const DERIVED = ['raw', 'staging', 'curated', 'quarantine'];
/** A week and a day, in two months. */
const today = '2026-11-05';
const firstPullDays = 8;
const lake = keptLake();
let sandbox: Sandbox;
let before: Readonly<Record<string, string>>;

beforeAll(async () => {
  sandbox = await startSandbox({ today });
  await pullAndRun(sandbox, { lake, today, firstPullDays });
  before = fingerprints(lake, DERIVED);
});

afterAll(() => sandbox.close());

function remove(...parts: readonly string[]): void {
  rmSync(join(lake.home, ...parts), { recursive: true, force: true });
}

describe('a lake', () => {
  it('does nothing the second time on the same day: no call, no file written', async () => {
    const calls = sandbox.requests();
    const times = mtimes();
    const reports = await pullAndRun(sandbox, { lake, today, firstPullDays });
    expect(sandbox.requests()).toBe(calls);
    expect(reports.map((report) => report.done)).toEqual([0, 0, 0]);
    expect(mtimes()).toEqual(times);
  });

  it('is rebuilt from landing alone, byte for byte', async () => {
    for (const zone of DERIVED) remove('zones', zone);
    remove('cache');
    const reports = await runAll(lake);
    expect(reports.every((report) => report.fresh === 0)).toBe(true);
    expect(fingerprints(lake, DERIVED)).toEqual(before);
  });

  it('does not miss its cache, and rewrites no file for the lack of it', async () => {
    remove('cache');
    const times = mtimes();
    const reports = await runAll(lake);
    expect(reports.map((report) => report.filesWritten)).toEqual([0, 0, 0]);
    expect(mtimes()).toEqual(times);
  });

  it('heals a derived file that went missing', async () => {
    const raw = Object.keys(before).find((path) => path.startsWith('zones/raw/meta/ads/')) ?? '';
    remove(raw);
    await runAll(lake);
    expect(fingerprints(lake, DERIVED)).toEqual(before);
  });

  it('ignores an answer whose page was changed behind its back, says so, and takes it again when it is whole', async () => {
    const dataset = META_DATASETS.find((one) => one.name === 'insights_campaign_day');
    if (dataset === undefined) throw new Error('no dataset');
    // Of one month: an answer of several is kept in mind while the process runs.
    const batch = listBatches(lake, dataset, sandbox.accountIds[0] ?? '').find(
      ({ scope }) => scope.since?.slice(0, 7) === scope.until?.slice(0, 7),
    );
    if (batch === undefined) throw new Error('no batch');
    const page = join(batchDir(lake, dataset, batch), 'page-00001.json');
    const size = statSync(page).size;
    appendFileSync(page, ' ');
    remove('cache');
    const reports = await runAll(lake);
    expect(reports[0]?.notes.join('\n')).toContain('is ignored');
    truncateSync(page, size);
    await runAll(lake);
    expect(fingerprints(lake, DERIVED)).toEqual(before);
  });

  it('plans what it would do and does nothing else', async () => {
    remove('zones', 'staging', 'meta', 'campaigns');
    const tasks = await planStages({ lake, selection: {}, progress: silent });
    const due = tasks.filter((task) => task.state !== 'fresh').map((task) => task.id);
    expect(due.some((id) => id.startsWith('raw-to-staging/campaigns/'))).toBe(true);
    expect(due.some((id) => id.startsWith('staging-to-curated/'))).toBe(true);
    expect(due.some((id) => id.startsWith('landing-to-raw/'))).toBe(false);
    expect(existsSync(join(lake.home, 'zones/staging/meta/campaigns'))).toBe(false);
  });
});

function mtimes(): readonly string[] {
  return Object.keys(fingerprints(lake, DERIVED)).map(
    (path) => `${path} ${statSync(join(lake.home, path)).mtimeMs}`,
  );
}
