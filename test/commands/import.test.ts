import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from '../../src/csv.ts';
import { adlake } from '../helpers/command-line.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

const HEAD = 'Campaign ID,Campaign name,Day,Amount spent (EUR),Impressions';

function exportFile(lake: string, name: string, rows: readonly string[]): string {
  mkdirSync(join(lake, 'exports'), { recursive: true });
  const path = join(lake, 'exports', name);
  writeFileSync(path, `${HEAD}\n${rows.join('\n')}\n`);
  return path;
}

function spendByKey(lake: string, account = 'unknown'): Readonly<Record<string, string | null>> {
  const folder = join(lake, `zones/staging/meta/meta_report/account_id=${account}`);
  return Object.fromEntries(
    readdirSync(folder).flatMap((file) => {
      const [head = [], ...rows] = decodeCsv(readFileSync(join(folder, file)));
      const [day, key, spend] = ['date_start', 'object_key', 'spend'].map((one) =>
        head.indexOf(one),
      );
      return rows.map((row) => [`${row[day ?? 0]} ${row[key ?? 0]}`, row[spend ?? 0] ?? null]);
    }),
  );
}

function landed(lake: string): number {
  return readdirSync(join(lake, 'zones/landing/meta/meta_report/account_id=unknown')).length;
}

describe('importing exports', () => {
  const lake = keptLake().home;
  const on = ['--lake', lake, '--today', '2026-04-01'];
  const first = exportFile(lake, 'march.csv', [
    '11,A,2026-03-30,1.00,10',
    '11,A,2026-03-31,2.00,20',
    '12,B,2026-03-31,4.00,40',
  ]);

  it('says with --dry-run what it understands, and writes nothing', async () => {
    const { exitCode, stdout } = await adlake(['import', first, ...on, '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('march.csv: Meta Ads Manager (English), CSV with commas, UTF-8');
    expect(stdout).toContain('Rows: 3 by campaign, each of one day, 2026-03-30 to 2026-03-31');
    expect(stdout).toContain('Money: spend 7.00 EUR, impressions 70');
    expect(stdout).toContain('Account: not in the file, so kept as "unknown"');
    expect(stdout).toContain('Total row: none in the file');
    expect(stdout).toContain('Nothing was written');
    expect(readdirSync(lake)).toEqual(['exports']);
  });

  it('brings them through all zones', async () => {
    const { exitCode, stderr } = await adlake(['import', first, ...on]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Every row is accounted for');
    expect(spendByKey(lake)).toEqual({
      '2026-03-30 11': '1',
      '2026-03-31 11': '2',
      '2026-03-31 12': '4',
    });
  });

  it('changes nothing with the same file again, whatever its name', async () => {
    const before = fingerprints({ home: lake }, ['raw', 'staging', 'curated']);
    const copy = join(lake, 'exports', 'copy.csv');
    writeFileSync(copy, readFileSync(first));
    const { stdout } = await adlake(['import', first, copy, ...on]);
    expect(stdout.match(/Imported before/g)).toHaveLength(2);
    expect(landed(lake)).toBe(1);
    expect(fingerprints({ home: lake }, ['raw', 'staging', 'curated'])).toEqual(before);
    rmSync(copy);
  });

  it('restates the days of a later export, and keeps what it lacks', async () => {
    const later = exportFile(lake, 'later.csv', [
      '11,A,2026-03-31,2.50,25',
      '11,A,2026-04-01,8.00,80',
    ]);
    await adlake(['import', later, '--lake', lake, '--today', '2026-04-02']);
    expect(spendByKey(lake)).toEqual({
      '2026-03-30 11': '1',
      '2026-03-31 11': '2.5',
      '2026-03-31 12': '4',
      '2026-04-01 11': '8',
    });
  });

  it('does not go back when an old file is given again', async () => {
    await adlake(['import', first, ...on]);
    expect(spendByKey(lake)).toMatchObject({ '2026-03-31 11': '2.5' });
  });

  it('shows in `status` which file each day comes from', async () => {
    const { stdout } = await adlake(['status', '--lake', lake]);
    expect(stdout).toContain(
      'meta_report of account unknown, 2026-03-30: from march.csv, exported on 2026-04-01',
    );
    expect(stdout).toContain(
      'meta_report of account unknown, 2026-03-31: from later.csv, exported on 2026-04-02; rows it lacks from 1 older file',
    );
  });

  it('is made again from landing, byte for byte', async () => {
    const zones = ['raw', 'staging', 'curated'];
    const before = fingerprints({ home: lake }, zones);
    for (const zone of zones) rmSync(join(lake, 'zones', zone), { recursive: true });
    rmSync(join(lake, 'cache'), { recursive: true });
    const { exitCode } = await adlake(['run', '--offline', '--lake', lake]);
    expect(exitCode).toBe(0);
    expect(fingerprints({ home: lake }, zones)).toEqual(before);
  });
});

describe('importing a folder', () => {
  const lake = keptLake().home;

  it('takes what it understands, names what it refuses, and ends with 65', async () => {
    exportFile(lake, 'good.csv', ['11,A,2026-03-30,1.00,10']);
    writeFileSync(join(lake, 'exports', 'posts.csv'), 'Post ID,Permalink,Reach\n1,x,2\n');
    const { exitCode, stdout, stderr } = await adlake([
      'import',
      join(lake, 'exports', '*.csv'),
      '--lake',
      lake,
      '--account',
      '77',
    ]);
    expect(exitCode).toBe(65);
    expect(stdout).toContain(
      'posts.csv: refused. This seems to be an export of Facebook or Instagram',
    );
    expect(stderr).toContain('Error IMPORT_REFUSED: 1 file of 2 refused: posts.csv.');
    expect(spendByKey(lake, '77')).toEqual({ '2026-03-30 11': '1' });
  });

  it('gives all of it as JSON, too', async () => {
    const { stdout } = await adlake([
      'import',
      join(lake, 'exports'),
      '--lake',
      lake,
      '--json',
      '--dry-run',
    ]);
    const report = JSON.parse(stdout) as readonly Record<string, unknown>[];
    expect(report[0]).toMatchObject({
      file: 'good.csv',
      platform: 'meta',
      rows: 1,
      sums: { spend: '1', impressions: '10' },
      accounts: [{ account_id: 'unknown', since: '2026-03-30', until: '2026-03-30' }],
    });
    expect(report[1]).toMatchObject({ file: 'posts.csv', error: { code: 'IMPORT_REFUSED' } });
  });
});

describe('what is said of a file', () => {
  it.each([
    [['--as', 'myspace'], 65, '--as must name a platform, found "myspace"'],
    [['--locale', '12'], 65, '--locale must be the name of a locale'],
    [['--currency', 'euro'], 78, '--currency must be a currency code'],
    [['--timezone', 'Berlin'], 78, '--timezone must be the name of a time zone'],
    [['--since', '2026-01-01'], 78, 'so both are needed'],
    [['--mapping', 'none.json'], 65, 'cannot be read'],
  ])('%j is answered with what is right', async (options, code, hint) => {
    const lake = temporaryLake().home;
    const file = exportFile(lake, 'a.csv', ['11,A,2026-03-30,1.00,10']);
    const { exitCode, stderr } = await adlake(['import', file, '--lake', lake, ...options]);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(hint);
  });

  it('may be names of headers in a file of their own', async () => {
    const lake = temporaryLake().home;
    const file = join(lake, 'own.csv');
    writeFileSync(file, 'Campaign name,Day,Media cost,Impressions,Tag\nA,2026-03-30,1.00,10,x\n');
    const mapping = join(lake, 'own.json');
    const columns = { spend: ['Media cost'], segment: [{ name: 'Tag', segment: 'tag' }] };
    writeFileSync(mapping, JSON.stringify({ columns }));
    const told = ['--as', 'meta', '--mapping', mapping, '--currency', 'EUR'];
    const { exitCode, stdout } = await adlake(['import', file, '--lake', lake, ...told]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('spend 1.00 EUR');
    expect(stdout).toContain('broken down by tag');
    expect(spendByKey(lake)).toEqual({ '2026-03-30 ["A"]': '1' });
  });
});

describe('a table of more than a megabyte', () => {
  it('is read by those that are made of it', async () => {
    const lake = temporaryLake().home;
    const name = (at: number): string => createHash('sha512').update(String(at)).digest('base64');
    const rows = Array.from(
      { length: 24_000 },
      (_, at) => `${at + 1},${name(at)},2026-03-01,1.00,10`,
    );
    const path = exportFile(lake, 'many.csv', rows);
    const on = ['--lake', lake, '--today', '2026-04-01'];
    expect((await adlake(['import', path, ...on])).exitCode).toBe(0);
    const query =
      "select cast(impressions as varchar) as impressions from channel_day where channel = 'meta'";
    const { stdout } = await adlake(['sql', query, '--lake', lake, '--json']);
    expect(JSON.parse(stdout)).toEqual([{ impressions: '240000' }]);
  });
});
