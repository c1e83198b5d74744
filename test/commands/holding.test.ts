import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/dataset.ts';
import { land } from '../../src/landing/land.ts';
import { lockLake } from '../../src/lock.ts';
import { DATASETS } from '../../src/pipeline.ts';
import type { Lake } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';
import { runAdlake } from '../torture/child.ts';

const ARGV = ['landing-to-raw', '--dataset', 'campaigns'];
const CAMPAIGNS = DATASETS.find(({ name }) => name === 'campaigns') as Dataset;
const ZONES = ['landing', 'raw', 'quarantine'];
const landed = keptLake();
const done = keptLake();
let whole: Readonly<Record<string, string>>;

function copy(): Lake {
  const lake = temporaryLake();
  cpSync(landed.home, lake.home, { recursive: true });
  return lake;
}

beforeAll(async () => {
  landGoldenWorld(landed, ({ head }) => head.dataset === 'campaigns');
  cpSync(landed.home, done.home, { recursive: true });
  expect(await adlake([...ARGV, '--lake', done.home])).toMatchObject({ exitCode: 0 });
  whole = fingerprints(done, ZONES);
});

describe('two commands that write at once', () => {
  it('are one too many: the second leaves with 75, says who is at work, and touches nothing', async () => {
    const lake = copy();
    const lock = lockLake(lake, 'run');
    const before = fingerprints(lake, ZONES);
    const { exitCode, stderr } = await adlake([...ARGV, '--lake', lake.home]);
    expect(exitCode).toBe(75);
    expect(stderr).toContain(`adlake run (process ${process.pid} on ${hostname()}`);
    expect(fingerprints(lake, ZONES)).toEqual(before);
    lock.release();
    expect(await adlake([...ARGV, '--lake', lake.home])).toMatchObject({ exitCode: 0 });
  });

  it('leave one whole lake, whoever comes first', async () => {
    const { home } = copy();
    const ended = await Promise.all([runAdlake(ARGV, { home }), runAdlake(ARGV, { home })]);
    const codes = ended.map(({ code }) => code).sort();
    expect([
      [0, 0],
      [0, 75],
    ]).toContainEqual(codes);
    expect(fingerprints({ home }, ZONES)).toEqual(whole);
  });
});

describe('a clock that went back between two runs', () => {
  it('is told, and the newest answer still counts', async () => {
    const lake = temporaryLake();
    const page = join(lake.home, 'page.json');
    const write = (name: string) =>
      writeFileSync(page, JSON.stringify({ data: [{ id: '7', name }] }));
    write('before');
    const told = { today: null, timezone: null, currency: null, dryRun: false };
    const now = '2999-01-01T00:00:00.000Z';
    land({ lake, dataset: CAMPAIGNS, accountId: '1', files: [page], now, ...told });
    mkdirSync(join(lake.home, 'cache', 'runs'), { recursive: true });
    writeFileSync(join(lake.home, 'cache', 'runs', '29990101T000000000Z.json'), '{}');
    write('after');
    const argv = ['land', page, '--dataset', 'campaigns', '--account', '1'];
    const { stderr } = await adlake([...argv, '--lake', lake.home]);
    expect(stderr).toContain('The clock went back');
    expect(stderr).toContain('the last run began at 2999-01-01T00:00:00Z');
    await adlake([...ARGV, '--lake', lake.home]);
    const raw = join(lake.home, 'zones/raw/meta/campaigns/account_id=1/month=all.ndjson');
    expect(JSON.parse(readFileSync(raw, 'utf8'))).toEqual({ id: '7', name: 'after' });
  });

  it('is not told when it did not', async () => {
    const lake = copy();
    await adlake([...ARGV, '--lake', lake.home]);
    const { stderr } = await adlake([...ARGV, '--lake', lake.home]);
    expect(stderr).not.toContain('clock');
  });
});
