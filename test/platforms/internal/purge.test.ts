import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listBatches, writeBatch } from '../../../src/landing/batch.ts';
import { ORDERS } from '../../../src/platforms/internal/datasets.ts';
import { personKey } from '../../../src/platforms/internal/personal.ts';
import { pageOf } from '../../../src/platforms/internal/purge.ts';
import { saltOf } from '../../../src/platforms/internal/salt.ts';
import { dropDir, type Lake, zoneDir } from '../../../src/zone.ts';
import { adlake } from '../../helpers/command-line.ts';
import { temporaryLake } from '../../helpers/lake.ts';
import { fingerprints, runAll, stageAll } from '../../helpers/world.ts';

const ANN = 'ann.synthetic@example.com';
const BOB = 'bob.synthetic@example.com';

async function land(lake: Lake, dataset: string, text: string): Promise<void> {
  const path = `${lake.home}-given.csv`;
  writeFileSync(path, text);
  const outcome = await adlake(['land', '--lake', lake.home, '--dataset', dataset, path]);
  rmSync(path);
  expect(outcome.stderr + outcome.stdout).toContain('Landed');
}

function orders(rows: readonly (readonly [id: string, day: string, email: string])[]): string {
  const lines = rows.map(([id, day, email]) => `${id},${day}T12:00:00Z,1.50,EUR,${email}`);
  return `order_id,ordered_at,amount,currency,email\n${lines.join('\n')}\n`;
}

function touches(rows: readonly (readonly [day: string, email: string])[]): string {
  const lines = rows.map(([day, email]) => `${day}T12:00:00Z,mail,${email}`);
  return `touched_at,channel,email\n${lines.join('\n')}\n`;
}

/** A lake of two people, made with all tables or to staging. */
async function lakeWithPeople(make: typeof runAll): Promise<Lake> {
  const lake = temporaryLake();
  await land(
    lake,
    'orders',
    orders([
      ['1', '2026-09-29', ANN],
      ['2', '2026-10-01', BOB],
    ]),
  );
  await land(lake, 'orders', orders([['3', '2026-09-30', ANN]]));
  await land(
    lake,
    'touchpoints',
    touches([
      ['2026-09-28', ANN],
      ['2026-09-28', BOB],
    ]),
  );
  await make(lake);
  return lake;
}

function keyOf(lake: Lake, email: string): string {
  const salt = saltOf(lake);
  return salt === null ? '' : (personKey(salt, 'email', email) ?? '');
}

function filesWith(lake: Lake, text: string): readonly string[] {
  return readdirSync(lake.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'latin1').includes(text));
}

describe('adlake purge --person', () => {
  it('removes a person named on standard input from every zone, and nobody else', async () => {
    const lake = await lakeWithPeople(runAll);
    const key = keyOf(lake, ANN);
    expect(filesWith(lake, key).length).toBeGreaterThan(5);
    const outcome = await adlake(
      ['purge', '--lake', lake.home, '--person', '-'],
      {},
      ` ${ANN.toUpperCase()}\n`,
    );
    expect(outcome.stdout).toBe(
      'Removed 2 records of orders, in 2 batches.\nRemoved 1 record of touchpoints, in 1 batch.\n',
    );
    expect(filesWith(lake, key)).toEqual([]);
    expect(filesWith(lake, keyOf(lake, BOB)).length).toBeGreaterThan(3);
    expect(`${outcome.stdout}${outcome.stderr}`.toLowerCase()).not.toContain('synthetic');
  });

  it('takes the key that the tables show, and says in the batch what is missing and not who', async () => {
    const lake = await lakeWithPeople(stageAll);
    const key = keyOf(lake, ANN);
    const args = ['purge', '--lake', lake.home, '--person', key, '--today', '2026-11-01'];
    expect((await adlake([...args, '--dry-run'])).stdout).toContain('Would remove 2 records');
    expect(filesWith(lake, key)).not.toEqual([]);
    await adlake(args);
    const batches = listBatches(lake, ORDERS, 'all');
    expect(batches.map(({ request }) => request.purged)).toEqual([
      [{ on: '2026-11-01', why: 'person', records: 1 }],
      [{ on: '2026-11-01', why: 'person', records: 1 }],
    ]);
    expect((await adlake(args)).stdout).toBe('Nothing to remove.\n');
  });

  it('leaves a lake that is the same when everything is made again from landing', async () => {
    const lake = await lakeWithPeople(runAll);
    await adlake(['purge', '--lake', lake.home, '--person', keyOf(lake, ANN)]);
    const derived = ['raw', 'staging', 'quarantine', 'curated'];
    const before = fingerprints(lake, derived);
    for (const zone of derived)
      rmSync(join(lake.home, 'zones', zone), { recursive: true, force: true });
    rmSync(join(lake.home, 'cache'), { recursive: true });
    await runAll(lake);
    expect(fingerprints(lake, derived)).toEqual(before);
  });

  it('ends what a killed purge began: the batch and its shorter copy both there', async () => {
    const lake = await lakeWithPeople(runAll);
    const [first] = listBatches(lake, ORDERS, 'all');
    if (first === undefined) throw new Error('nothing landed');
    const { batch_id: _, pages: __, ...head } = first;
    writeBatch(lake, ORDERS, { head, pages: [pageOf([])] });
    await adlake(['purge', '--lake', lake.home, '--person', keyOf(lake, ANN)]);
    expect(filesWith(lake, keyOf(lake, ANN))).toEqual([]);
    expect(filesWith(lake, '"order_id":"2"').length).toBeGreaterThan(0);
  });

  it('does not take a clear name as an argument, and does not repeat it', async () => {
    const lake = await lakeWithPeople(stageAll);
    const outcome = await adlake(['purge', '--lake', lake.home, '--person', ANN]);
    expect(outcome.exitCode).toBe(78);
    expect(outcome.stderr).toContain('--person -');
    expect(outcome.stderr).not.toContain('synthetic');
  });

  it('stops before anything is removed when a page was changed', async () => {
    const lake = await lakeWithPeople(stageAll);
    const folder = join(zoneDir(lake, 'landing'), 'internal', 'orders', 'account_id=all');
    const batch = readdirSync(folder).sort()[1] ?? '';
    writeFileSync(join(folder, batch, 'page-00001.json'), '[]');
    const before = fingerprints(lake, ['landing']);
    const outcome = await adlake(['purge', '--lake', lake.home, '--person', keyOf(lake, ANN)]);
    expect(outcome.exitCode).toBe(74);
    expect(fingerprints(lake, ['landing'])).toEqual(before);
  });
});

describe('adlake purge --expired', () => {
  function prefer(lake: Lake, rows: string): void {
    mkdirSync(dropDir(lake, 'preferences'), { recursive: true });
    writeFileSync(join(dropDir(lake, 'preferences'), 'mine.csv'), `name,subject,value\n${rows}\n`);
  }

  it('removes what is older than its dataset may be, to the day', async () => {
    const lake = await lakeWithPeople(runAll);
    prefer(lake, 'retention_days,orders,30');
    const on = (today: string) =>
      adlake(['purge', '--lake', lake.home, '--expired', '--today', today]);
    expect((await on('2026-10-29')).stdout).toBe('Nothing to remove.\n');
    expect((await on('2026-10-30')).stdout).toBe('Removed 1 record of orders, in 1 batch.\n');
    expect(filesWith(lake, '"order_id":"1"')).toEqual([]);
    expect((await on('2027-10-30')).stdout).toContain('Removed 2 records of orders');
    expect(filesWith(lake, 'order_id":')).toEqual([]);
    expect(
      readdirSync(join(zoneDir(lake, 'staging'), 'internal', 'orders', 'account_id=all')),
    ).toEqual([]);
  });

  it.each([
    ['retention_days,insights_ad_day,30', 'insights_ad_day'],
    ['retention_days,orders,soon', 'soon'],
  ])('refuses the preference %s', async (row, shown) => {
    const lake = await lakeWithPeople(stageAll);
    prefer(lake, row);
    const outcome = await adlake(['purge', '--lake', lake.home, '--expired']);
    expect(outcome.exitCode).toBe(78);
    expect(outcome.stderr).toContain(shown);
  });

  it('says how to give a dataset a retention when none has', async () => {
    const lake = await lakeWithPeople(stageAll);
    const outcome = await adlake(['purge', '--lake', lake.home, '--expired']);
    expect(outcome.stderr).toContain('retention_days,orders,730');
  });
});
