import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/landing/batch.ts';
import { adlake } from '../helpers/command-line.ts';
import { keptLake } from '../helpers/lake.ts';

const ACCOUNT = '9020417583920611';
const FILES = ['campaigns.json', 'adsets.json', 'ads.json', 'insights.json'] as const;

interface Row {
  readonly id?: string;
  readonly ad_id?: string;
  readonly date_start?: string;
  readonly effective_status?: string;
}

describe('adlake dump', () => {
  const lake = keptLake().home;
  const home = join(lake, 'zones', 'landing', 'meta', 'dump', `account_id=${ACCOUNT}`);
  let outcome: Awaited<ReturnType<typeof adlake>>;

  const folders = (): readonly string[] => readdirSync(home).sort();
  const newest = (): string => join(home, folders().at(-1) ?? '');
  const rowsIn = (file: string): readonly Row[] =>
    (JSON.parse(readFileSync(join(newest(), file), 'utf8')) as { data: readonly Row[] }).data;
  const tidy = (...path: readonly string[]): string =>
    readFileSync(join(lake, 'zones', ...path, 'tidy_metaads.csv'), 'utf8');
  const dump = () =>
    adlake([
      ...['dump', '--lake', lake, '--account', ACCOUNT],
      ...['--since', '2026-02-20', '--today', '2026-03-10'],
    ]);

  beforeAll(async () => {
    outcome = await dump();
  });

  it('lands four files, and what was asked with their hashes', () => {
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain(`Dump of account ${ACCOUNT}: `);
    expect(readdirSync(newest()).sort()).toEqual([...FILES, '_batch.json'].sort());
    const batch = JSON.parse(readFileSync(join(newest(), '_batch.json'), 'utf8')) as Batch;
    expect(batch.scope).toMatchObject({ since: '2026-02-20', until: '2026-03-09', complete: true });
    expect(batch.pages.map(({ file }) => file)).toEqual(FILES);
    for (const { file, sha256, rows } of batch.pages) {
      const bytes = readFileSync(join(newest(), file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect(rowsIn(file).length).toBe(rows);
    }
  });

  it('holds every object once, archived ones too, and every ad and day once', () => {
    for (const file of FILES.slice(0, 3)) {
      const ids = rowsIn(file).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const statuses = new Set(rowsIn('campaigns.json').map((row) => row.effective_status));
    expect(statuses).toContain('ARCHIVED');
    const days = rowsIn('insights.json').map((row) => `${row.ad_id} ${row.date_start}`);
    expect(days.length).toBeGreaterThan(100);
    expect(new Set(days).size).toBe(days.length);
  });

  it('becomes one row per ad and day with names, in staging and the same in curated', () => {
    expect(tidy('staging', 'meta')).toBe(tidy('curated', 'marketing', 'metaads'));
    const rows = parse(tidy('staging', 'meta'), { columns: true }) as Readonly<
      Record<string, string>
    >[];
    const days = (list: readonly string[]) => [...list].sort();
    expect(days(rows.map((row) => `${row.ad_id} ${row.date}`))).toEqual(
      days(rowsIn('insights.json').map((row) => `${row.ad_id} ${row.date_start}`)),
    );
    const named = ['account_name', 'campaign_name', 'ad_set_name', 'ad_name'];
    expect(rows.every((row) => named.every((name) => (row[name] ?? '') !== ''))).toBe(true);
    expect(existsSync(join(lake, 'zones/curated/marketing/metaads/tidy_metaads.parquet'))).toBe(
      true,
    );
  });

  it('follows from landing like everything else', async () => {
    const before = tidy('staging', 'meta');
    for (const zone of ['raw', 'staging', 'curated']) {
      rmSync(join(lake, 'zones', zone), { recursive: true });
    }
    rmSync(join(lake, 'cache'), { recursive: true });
    expect((await adlake(['run', '--offline', '--lake', lake])).exitCode).toBe(0);
    expect(tidy('staging', 'meta')).toBe(before);
  });

  it('asks anew the next time and leaves the first dump alone', async () => {
    const [first = ''] = folders();
    const before = readFileSync(join(home, first, 'insights.json'), 'utf8');
    expect((await dump()).exitCode).toBe(0);
    expect(folders().length).toBe(2);
    expect(readFileSync(join(home, first, 'insights.json'), 'utf8')).toBe(before);
    expect(readFileSync(join(newest(), 'insights.json'), 'utf8')).toBe(before);
  });

  it('takes no dataset', async () => {
    const { exitCode, stderr } = await adlake(['dump', '--lake', lake, '--dataset', 'ads']);
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('takes no --dataset')]);
  });
});
