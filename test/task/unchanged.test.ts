import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/dataset.ts';
import { type Batch, landBatch } from '../../src/landing/batch.ts';
import { MODELS } from '../../src/model.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { DUMP } from '../../src/platforms/meta/dump.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { silent } from '../../src/progress.ts';
import { planStages, runStages, type StageReport, stageContext } from '../../src/run.ts';
import type { Selection, Task } from '../../src/stage.ts';
import { landingToRaw } from '../../src/stages/landing-to-raw.ts';
import { stagingToCurated } from '../../src/stages/staging-to-curated.ts';
import { openState } from '../../src/state.ts';
import { folderPrint } from '../../src/task/folder-print.ts';
import { openUnchanged, placePrint } from '../../src/task/unchanged.ts';
import {
  batchDir,
  cacheFile,
  dropDir,
  type Lake,
  landingDir,
  lineageFile,
  rawFile,
  stagingFile,
} from '../../src/zone.ts';
import { capturedHead } from '../helpers/batches.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

const DATASET = datasetNamed('insights_campaign_day');
const RECORDS = ['landing-to-raw', 'raw-to-staging'] as const;
const MONTHS = ['2026-09', '2026-10'];
const LONG_AGO_SECONDS = 1_700_000_000;
/** Whatever is later was not set by a test. */
const LATELY_MILLISECONDS = 1_750_000_000_000;

function land(lake: Lake, account: string, spend: string, dataset: Dataset = DATASET): Batch {
  const scope = {
    since: '2026-09-01',
    until: '2026-10-31',
    campaigns: { kind: 'all' },
    complete: false,
  } as const;
  const head = capturedHead({ dataset: dataset.name, account_id: account, scope });
  const data = MONTHS.map((month) => ({
    campaign_id: `7${account}`,
    date_start: `${month}-05`,
    date_stop: `${month}-05`,
    spend,
  }));
  const page = { bytes: Buffer.from(JSON.stringify({ data })), rows: data.length };
  return landBatch(lake, dataset, { head, pages: [page], now: '2026-11-20T06:00:00.000Z' });
}

let ages = 0;

/**
 * Lets every folder that was changed look as if that was long ago, so that its times can be relied on: each
 * time another time, since the system's own may be the same for two changes that follow at once.
 */
function age(lake: Lake): void {
  const zones = join(lake.home, 'zones');
  const folders = readdirSync(zones, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  ages++;
  for (const folder of [zones, ...folders]) {
    if (statSync(folder).mtimeMs > LATELY_MILLISECONDS) setTime(folder, LONG_AGO_SECONDS + ages);
  }
}

function setTime(path: string, seconds: number): void {
  utimesSync(path, seconds, seconds);
}

/** A run of these stages, as another process would do it. */
function run(
  lake: Lake,
  selection: Selection = {},
  stages: readonly StageReport['stage'][] = RECORDS,
) {
  return runStages({ lake: { home: lake.home }, selection, progress: silent, stages, threads: 0 });
}

/** Runs until there is nothing to do, and that is known. */
async function settle(lake: Lake): Promise<void> {
  await run(lake);
  age(lake);
  const reports = await run(lake);
  expect(reports.map(({ done }) => done)).toEqual([0, 0]);
}

function partition(account: string, month = '2026-10') {
  return { account_id: account, month };
}

function unchangedFile(lake: Lake): string {
  return cacheFile(lake, 'tasks', 'unchanged.json');
}

describe('an account in which nothing was to be done', () => {
  const lake = keptLake();
  const batches = new Map<string, Batch>();
  let whole: Readonly<Record<string, string>>;
  let states: readonly string[];

  beforeAll(async () => {
    for (const account of ['1', '2', '3']) batches.set(account, land(lake, account, '5'));
    await settle(lake);
    whole = fingerprints(lake, ['raw', 'staging', 'quarantine']);
    states = readdirSync(cacheFile(lake, 'tasks'));
  });

  it('is not looked into as long as its folders stay as they were', async () => {
    const head = join(batchDir(lake, DATASET, batches.get('1') ?? never()), '_batch.json');
    const bytes = readFileSync(head);
    const index = cacheFile(lake, 'landing', `${DATASET.name}.json`);
    const kept = readFileSync(index);
    writeFileSync(head, 'not JSON');
    rmSync(index);
    expect((await run(lake)).map(({ tasks, fresh }) => [tasks, fresh])).toEqual([
      [15, 15],
      [15, 15],
    ]);
    rmSync(unchangedFile(lake));
    await expect(run(lake)).rejects.toThrow('is not JSON');
    writeFileSync(head, bytes);
    writeFileSync(index, kept);
    await settle(lake);
  });

  it('writes nothing while that is so', async () => {
    const before = statSync(unchangedFile(lake), { bigint: true }).mtimeNs;
    await run(lake);
    expect(statSync(unchangedFile(lake), { bigint: true }).mtimeNs).toBe(before);
    expect(readdirSync(cacheFile(lake, 'tasks'))).toEqual(states);
  });

  it('counts as many tasks as a plan lists', async () => {
    const chosen = [{}, { accounts: ['2'] }, { since: '2026-10-05' }, { datasets: [DATASET.name] }];
    for (const selection of chosen) {
      const tasks = await planStages({ lake, selection, progress: silent, stages: RECORDS });
      expect(tasks.every(({ state }) => state === 'fresh')).toBe(true);
      const counted = (await run(lake, selection)).reduce((sum, { fresh }) => sum + fresh, 0);
      expect([selection, counted]).toEqual([selection, tasks.length]);
    }
  });

  it.each<readonly [string, readonly [number, number], (at: Lake) => void]>([
    ['raw file', [1, 0], (at) => rmSync(rawFile(at, DATASET, partition('1')))],
    ['lineage file', [1, 0], (at) => rmSync(lineageFile(at, DATASET, partition('1')))],
    ['staging file', [0, 1], (at) => rmSync(stagingFile(at, DATASET, partition('1')))],
    [
      'folder in raw',
      [2, 0],
      (at) => rmSync(join(rawFile(at, DATASET, partition('2')), '..'), { recursive: true }),
    ],
    [
      'folder in staging',
      [0, 2],
      (at) => rmSync(join(stagingFile(at, DATASET, partition('2')), '..'), { recursive: true }),
    ],
  ])('is looked into again when a %s went away, and it is made again', async (_, done, harm) => {
    harm(lake);
    age(lake);
    expect((await run(lake)).map((report) => report.done)).toEqual(done);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
    await settle(lake);
  });

  it('is looked into again when an answer went away, and when it came back', async () => {
    const batch = batches.get('3') ?? never();
    const [folder, aside] = [batchDir(lake, DATASET, batch), join(lake.home, 'aside')];
    renameSync(folder, aside);
    land(lake, '3', '6');
    age(lake);
    expect((await run(lake))[0]?.done).toBe(5);
    expect(fingerprints(lake, ['raw'])).not.toEqual(whole);
    await settle(lake);
    rmSync(landingDir(lake, DATASET, '3'), { recursive: true });
    mkdirSync(landingDir(lake, DATASET, '3'));
    renameSync(aside, folder);
    age(lake);
    expect((await run(lake))[0]?.done).toBe(5);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
    await settle(lake);
  });

  it('is looked into again when a file came that no task made', async () => {
    const stranger = stagingFile(lake, DATASET, partition('1', '2026-08'));
    writeFileSync(stranger, 'account_id\n');
    age(lake);
    expect((await run(lake)).map((report) => report.done)).toEqual([0, 1]);
    expect(existsSync(stranger)).toBe(false);
    await settle(lake);
  });

  it('is looked into again when an answer that was not finished is', async () => {
    const batch = land(lake, '2', '7');
    const head = join(batchDir(lake, DATASET, batch), '_batch.json');
    const aside = join(lake.home, 'aside.json');
    renameSync(head, aside);
    await settle(lake);
    renameSync(aside, head);
    expect((await run(lake))[0]?.done).toBe(5);
    rmSync(batchDir(lake, DATASET, batch), { recursive: true });
    await settle(lake);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
  });

  it('is looked into again when a raw file that no task made has other bytes', async () => {
    const [from, to] = [partition('1'), partition('1', '2026-08')];
    const raw = rawFile(lake, DATASET, to);
    copyFileSync(lineageFile(lake, DATASET, from), lineageFile(lake, DATASET, to));
    const bytes = readFileSync(rawFile(lake, DATASET, from), 'utf8');
    writeFileSync(raw, bytes);
    age(lake);
    expect((await run(lake)).map((report) => report.done)).toEqual([0, 1]);
    await settle(lake);
    writeFileSync(raw, bytes.replace('"spend":"5"', '"spend":"8"'));
    expect((await run(lake)).map((report) => report.done)).toEqual([0, 1]);
    for (const path of [raw, lineageFile(lake, DATASET, to)]) rmSync(path);
    await settle(lake);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
  });

  it.each([
    ['is gone', (path: string) => rmSync(path)],
    [
      'has another byte',
      (path: string) => {
        writeFileSync(path, flipped(readFileSync(path)));
        setTime(path, LONG_AGO_SECONDS);
      },
    ],
    [
      'is an older one',
      (path: string) => copyFileSync(path.replace('campaign_day_versions', DATASET.name), path),
    ],
  ])('is done again when what was remembered of its tasks %s', async (_, harm) => {
    for (const [at, stage] of RECORDS.entries()) {
      harm(cacheFile(lake, 'tasks', `${stage}.campaign_day_versions.json`));
      const reports = await run(lake);
      expect(reports[at]).toMatchObject({ done: 6, filesWritten: 0 });
      await settle(lake);
    }
  });

  it('is planned when what was found there cannot be read', async () => {
    const bytes = readFileSync(unchangedFile(lake));
    const found = foundIn(bytes);
    for (const damaged of [flipped(bytes), bytes.subarray(0, 200), Buffer.alloc(0)]) {
      writeFileSync(unchangedFile(lake), damaged);
      expect((await run(lake)).map(({ done, fresh }) => [done, fresh])).toEqual([
        [0, 15],
        [0, 15],
      ]);
      expect(foundIn(readFileSync(unchangedFile(lake)))).toEqual(found);
    }
  });

  it('is not believed to be so by what was found before other work was done', async () => {
    const before = readFileSync(unchangedFile(lake));
    const state = openState(lake);
    const id = `landing-to-raw/${DATASET.name}/account_id=1/month=2026-10`;
    const known = state.get(id) ?? never();
    state.set(id, { ...known, fingerprint: '' });
    state.save();
    writeFileSync(unchangedFile(lake), before);
    expect((await run(lake)).map((report) => report.done)).toEqual([1, 0]);
    await settle(lake);
  });

  it('stays known while another account is worked on', async () => {
    const batch = land(lake, '1', '5');
    await run(lake);
    const found = foundIn(readFileSync(unchangedFile(lake)));
    const accounts = found.get(`landing-to-raw.${DATASET.name}`)?.map(([account]) => account);
    expect(accounts).toEqual(['2', '3']);
    const head = join(batchDir(lake, DATASET, batches.get('2') ?? never()), '_batch.json');
    const bytes = readFileSync(head);
    writeFileSync(head, 'not JSON');
    rmSync(cacheFile(lake, 'landing'), { recursive: true });
    await run(lake);
    writeFileSync(head, bytes);
    rmSync(batchDir(lake, DATASET, batch), { recursive: true });
    await settle(lake);
  });

  it('is done again each time while an answer in it has other bytes than arrived', async () => {
    const batch = land(lake, '2', '4');
    const page = join(batchDir(lake, DATASET, batch), batch.pages[0]?.file ?? never());
    writeFileSync(page, 'other bytes');
    for (const done of [5, 4, 4]) {
      expect((await run(lake))[0]).toMatchObject({ done });
      age(lake);
    }
    rmSync(batchDir(lake, DATASET, batch), { recursive: true });
    await settle(lake);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
  });

  it('is looked into again when nothing tells any more what bytes raw should have', async () => {
    const raw = rawFile(lake, DATASET, partition('1'));
    writeFileSync(raw, readFileSync(raw, 'utf8').replace('"spend":"5"', '"spend":"8"'));
    rmSync(cacheFile(lake, 'tasks', `landing-to-raw.${DATASET.name}.json`));
    expect(await run(lake, {}, ['raw-to-staging'])).toMatchObject([{ done: 1 }]);
    await settle(lake);
    expect(fingerprints(lake, ['raw', 'staging', 'quarantine'])).toEqual(whole);
  });

  it('is planned when the dataset or the code that reads it is another', async () => {
    const changed = DATASETS.map((dataset) =>
      dataset.name === DATASET.name ? { ...dataset, grain: 'Another sentence.' } : dataset,
    );
    const context = stageContext({ lake, selection: {}, progress: silent });
    const { tasks } = await landingToRaw.due(
      { ...context, datasets: changed },
      openUnchanged(lake),
    );
    expect(tasks).toHaveLength(6);
  });
});

describe('a file that a person dropped', () => {
  it('is looked at in every run, since its folder does not tell of its bytes', async () => {
    const lake = temporaryLake();
    const path = join(dropDir(lake, 'fx_rates'), 'rates.csv');
    mkdirSync(dropDir(lake, 'fx_rates'), { recursive: true });
    writeFileSync(path, 'date,currency,usd_per_unit\n2026-10-05,EUR,1.10\n');
    expect((await run(lake)).map(({ done }) => done)).toEqual([1, 1]);
    await settle(lake);
    writeFileSync(path, 'date,currency,usd_per_unit\n2026-10-05,EUR,1.20\n');
    expect((await run(lake)).map(({ done }) => done)).toEqual([1, 1]);
    await settle(lake);
  });
});

describe('a table in which nothing was to be done', () => {
  const lake = keptLake();
  const ALL = [...RECORDS, 'staging-to-curated'] as const;
  let whole: Readonly<Record<string, string>>;

  beforeAll(async () => {
    for (const account of ['1', '2']) land(lake, account, '5');
    land(lake, '1', '5', DUMP);
    await run(lake, {}, ALL);
    await settleTables();
    whole = fingerprints(lake, ['curated', 'staging']);
  });

  async function settleTables(): Promise<void> {
    age(lake);
    expect((await run(lake, {}, ALL)).map(({ done }) => done)).toEqual([0, 0, 0]);
  }

  it('is not looked at as long as its folders and what it is made of stay as they were', async () => {
    const before = readFileSync(unchangedFile(lake));
    expect((await run(lake, {}, ALL)).map(({ done, fresh }) => [done, fresh])).toEqual([
      [0, 10],
      [0, 10],
      [0, MODELS.length + 1],
    ]);
    expect(readFileSync(unchangedFile(lake))).toEqual(before);
    const found = foundIn(before);
    expect(found.get('staging-to-curated')).toHaveLength(MODELS.length + 1);
    expect(found.get(`staging.${DATASET.name}`)).toHaveLength(1);
  });

  it.each([
    ['whole', /curated\/.*\/performance_alerts\.csv$/],
    ['made by month', /campaign_day\/account_id=2\/month=2026-10\.parquet$/],
    ['copied to staging', /staging\/meta\/tidy_metaads\.csv$/],
    ['a list of the others', /views\.sql$/],
  ])('is made again when a file of one that is %s went away', async (_, pattern) => {
    const path = Object.keys(whole).find((name) => pattern.test(name)) ?? never();
    rmSync(join(lake.home, path));
    age(lake);
    expect((await run(lake, {}, ALL)).map(({ done }) => done)).toEqual([0, 0, 1]);
    expect(fingerprints(lake, ['curated', 'staging'])).toEqual(whole);
    await settleTables();
  });

  it('is to be made again when a staging file went away that it is made of', async () => {
    rmSync(stagingFile(lake, DATASET, partition('2')));
    age(lake);
    expect((await dueTables(lake)).map(({ dataset }) => dataset)).toContain('campaign_day');
    await run(lake, {}, RECORDS);
    expect(await dueTables(lake)).toEqual([]);
  });

  it('is to be made of what a staging file holds that no task made, whenever it is asked', async () => {
    const stranger = stagingFile(lake, DATASET, partition('2', '2026-08'));
    copyFileSync(stagingFile(lake, DATASET, partition('2')), stranger);
    const prints = new Set<string | undefined>();
    for (const spend of ['5', '8', '9']) {
      writeFileSync(stranger, readFileSync(stranger, 'utf8').replace(/,\d,/, `,${spend},`));
      age(lake);
      const tasks = await dueTables(lake);
      prints.add(tasks.find(({ dataset }) => dataset === 'campaign_day')?.fingerprint);
    }
    expect(prints.size).toBe(3);
    rmSync(stranger);
    expect(await dueTables(lake)).toEqual([]);
  });

  it('is to be made again when what was remembered of tables is gone', async () => {
    rmSync(cacheFile(lake, 'tasks', 'staging-to-curated.json'));
    expect(await dueTables(lake)).toHaveLength(MODELS.length + 1);
  });
});

/** What the last stage would do. */
async function dueTables(lake: Lake): Promise<readonly Task[]> {
  const context = stageContext({ lake, selection: {}, progress: silent });
  const unchanged = openUnchanged(lake);
  const { tasks } = await stagingToCurated.due(context, unchanged);
  unchanged.save();
  return tasks;
}

/** What the file says was found, by ground: place, print and finding, in order. */
function foundIn(bytes: Buffer): ReadonlyMap<string, readonly (readonly unknown[])[]> {
  const shelves = JSON.parse(bytes.toString('utf8', bytes.indexOf('\n'))) as readonly (readonly [
    string,
    string,
    readonly (readonly unknown[])[],
  ])[];
  return new Map(shelves.map(([name, , found]) => [name, found.toSorted()]));
}

function never(): never {
  throw new Error('The lake of this test has no such thing.');
}

/** The same with one bit of its last bytes changed. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length - 4;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('the print of a folder', () => {
  it('changes with what comes, goes or takes the place of another, and not by itself', () => {
    const { home } = temporaryLake();
    const [first, second] = [join(home, 'a'), join(home, 'b')];
    const changes = [
      () => writeFileSync(first, '1'),
      () => writeFileSync(second, '2'),
      () => renameSync(second, first),
      () => rmSync(first),
      () => mkdirSync(first),
    ];
    for (const change of changes) {
      setTime(home, LONG_AGO_SECONDS);
      const before = folderPrint(home);
      expect(before).not.toBe('');
      expect(folderPrint(home)).toBe(before);
      change();
      expect(folderPrint(home)).not.toBe(before);
    }
  });

  it('changes although somebody has set its time back', async () => {
    const { home } = temporaryLake();
    setTime(home, LONG_AGO_SECONDS);
    const before = folderPrint(home);
    const { ctimeNs } = statSync(home, { bigint: true });
    while (statSync(home, { bigint: true }).ctimeNs === ctimeNs) {
      await new Promise((done) => setTimeout(done, 1));
      writeFileSync(join(home, 'a'), '1');
      rmSync(join(home, 'a'));
      setTime(home, LONG_AGO_SECONDS);
    }
    expect(folderPrint(home)).not.toBe(before);
  });

  it('tells nothing of a folder whose time is to come: the clock went back', () => {
    const { home } = temporaryLake();
    setTime(home, LONG_AGO_SECONDS * 3);
    expect(folderPrint(home)).toBe('');
    expect(placePrint([home])).toBe(null);
  });

  it('is one of its own for a folder that is not there', () => {
    const { home } = temporaryLake();
    expect(folderPrint(join(home, 'none'))).toBe(null);
    expect(placePrint([join(home, 'none')])).not.toBe(null);
  });
});
