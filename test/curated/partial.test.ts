import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { buildAll } from '../../src/curated/table.ts';
import { type JsonRow, rowsOf } from '../../src/duckdb/duckdb.ts';
import { sqlName, type TableName } from '../../src/model.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import type { StageContext } from '../../src/stage.ts';
import { closeIdle, inWorkspace, type Workspace } from '../../src/workspace.ts';
import type { Lake } from '../../src/zone.ts';
import { putStaging, quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';

const TABLES: readonly TableName[] = [
  { layer: 'partial', name: 'ad_objects' },
  { layer: 'partial', name: 'ad_currency_days' },
];

const FILES: StagingFiles = {
  'insights_ad_day/1/2026-01': [ad('1', '2026-01-05', 'Old name'), ad('1', '2026-01-09', 'Name')],
  'insights_ad_day/1/2026-02': [ad('1', '2026-02-01', 'Name')],
  'insights_ad_day/2/2026-01': [ad('2', '2026-01-05', null)],
};

describe('tables that are folded file by file', () => {
  afterAll(() => closeIdle());

  it('are made of one reading of each file', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const { rows, read } = await folded(lake);
    expect(read).toEqual(['1/2026-01', '1/2026-02', '2/2026-01']);
    const named = rows['partial.ad_objects']?.filter(({ level }) => level === 'ad');
    expect(named?.map((row) => [row.account_id, row.object_name, row.last_day]).sort()).toEqual([
      ['1', 'Name', '2026-01-09'],
      ['1', 'Name', '2026-02-01'],
      ['1', 'Old name', '2026-01-05'],
      ['2', null, '2026-01-05'],
    ]);
    expect(rows['partial.ad_currency_days']).toHaveLength(4);
  });

  it('are made again of new files alone, and are as if all had been read', async () => {
    const lake = temporaryLake();
    putStaging(lake, { ...FILES, 'insights_ad_day/3/2026-01': [ad('3', '2026-01-01', 'Gone')] });
    await folded(lake);
    const changes = {
      'insights_ad_day/1/2026-02': [ad('1', '2026-02-02', 'New name')],
      'insights_ad_day/2/2026-02': [ad('2', '2026-02-03', 'Another')],
    };
    putStaging(lake, changes);
    rmSync(join(lake.home, 'zones/staging/meta/insights_ad_day/account_id=3'), { recursive: true });
    const { rows, read } = await folded(lake);
    expect(read).toEqual(['1/2026-02', '2/2026-02']);
    expect(sorted(rows)).toEqual(sorted(await anew({ ...FILES, ...changes })));
    expect((await folded(lake)).read).toEqual([]);
  });

  it('are made anew one by one, where what is kept of one cannot be read', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    await folded(lake);
    damage(lake, 'ad_objects');
    const changes = { 'insights_ad_day/2/2026-01': [ad('2', '2026-01-06', 'Named')] };
    putStaging(lake, changes);
    const { rows, read } = await folded(lake);
    expect(read).toEqual(['1/2026-01', '1/2026-02', '2/2026-01', '2/2026-01']);
    expect(sorted(rows)).toEqual(sorted(await anew({ ...FILES, ...changes })));
  });

  it('have their rows in the order of the files, large ones side by side, also where some are kept', async () => {
    const lake = temporaryLake();
    putStaging(lake, { 'insights_ad_day/0/2026-01': [ad('0', '2026-01-01', 'Kept')] });
    for (const name of ['First', 'Second']) {
      putStaging(lake, {
        'insights_ad_day/1/2026-01': long('1', name),
        'insights_ad_day/2/2026-01': long('2', name),
        'insights_ad_day/3/2026-01': [ad('3', '2026-01-01', name)],
      });
      const { rows, read, lanes } = await folded(lake);
      expect(read).toHaveLength(name === 'First' ? 4 : 3);
      expect(lanes).toBe(2);
      const accounts = rows['partial.ad_currency_days']?.map(({ account_id }) => account_id);
      expect(accounts).toEqual(['0', '1', '2', '3']);
      const named = rows['partial.ad_objects']?.filter(({ level }) => level === 'ad');
      const names = named?.map((row) => [
        row.account_id,
        String(row.object_name).slice(0, 6).trim(),
      ]);
      expect(names).toEqual([['0', 'Kept'], ...['1', '2', '3'].map((each) => [each, name])]);
    }
  }, 60_000);
});

function ad(account_id: string, date: string, ad_name: string | null): StagingRow {
  const ids = {
    campaign_id: `${account_id}1`,
    ad_set_id: `${account_id}2`,
    ad_id: `${account_id}3`,
  };
  return quiet({
    account_id,
    date,
    ...ids,
    campaign_name: 'Campaign',
    ad_set_name: 'Set',
    ad_name,
  });
}

/** Rows of 13 MB: too many to be read with others, and worth two connections. */
function long(account_id: string, name: string): readonly StagingRow[] {
  const row = ad(account_id, '2026-01-01', name.padEnd(4_000_000));
  return [row, row, row, row];
}

interface FoldedRows {
  readonly rows: Readonly<Record<string, readonly JsonRow[]>>;
  /** The files that were read, as `<account>/<month>`, each as often as it was. */
  readonly read: readonly string[];
  /** How many connections read them. */
  readonly lanes: number;
}

/** The tables as a new workspace loads them. */
async function folded(lake: Lake): Promise<FoldedRows> {
  const seen: { readonly connection: DuckDBConnection; readonly sql: string }[] = [];
  const rows = await inWorkspace(contextOf(lake), async (workspace) => {
    const use: Workspace['lanes']['use'] = (work) =>
      workspace.lanes.use((connection) =>
        work(watched(connection, (sql) => seen.push({ connection, sql }))),
      );
    await buildAll({ ...workspace, lanes: { ...workspace.lanes, use } }, TABLES);
    return workspace.lanes.use((connection) => rowsIn(connection));
  });
  const reading = seen.filter(({ sql }) => sql.includes('read_csv'));
  const paths = reading.flatMap(({ sql }) =>
    [...sql.matchAll(/account_id=(\d+)\/month=([\d-]+)\.csv'/g)].map(
      (match) => `${match[1]}/${match[2]}`,
    ),
  );
  const lanes = new Set(reading.map(({ connection }) => connection)).size;
  return { rows, read: paths.sort(), lanes };
}

async function rowsIn(
  connection: DuckDBConnection,
): Promise<Readonly<Record<string, readonly JsonRow[]>>> {
  const found: Record<string, readonly JsonRow[]> = {};
  for (const table of TABLES.map(sqlName)) {
    found[table] = await rowsOf(connection, `select * from ${table}`);
  }
  return found;
}

/** A connection that tells of its statements. */
function watched(connection: DuckDBConnection, tell: (sql: string) => void): DuckDBConnection {
  return new Proxy(connection, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]) => {
        if (name === 'run') tell(String(given[0]));
        return Reflect.apply(value, target, given);
      };
    },
  });
}

async function anew(files: StagingFiles): Promise<FoldedRows['rows']> {
  const lake = temporaryLake();
  putStaging(lake, files);
  return (await folded(lake)).rows;
}

function sorted(rows: FoldedRows['rows']): readonly string[] {
  return Object.entries(rows).flatMap(([table, all]) =>
    all.map((row) => `${table} ${JSON.stringify(row)}`).sort(),
  );
}

/** Writes over the files in which a table is kept. */
function damage(lake: Lake, table: string): void {
  const kept = join(lake.home, 'cache', 'curated', 'partial');
  for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' })) {
    if (!name.startsWith(`${table}-`) || !name.endsWith('.parquet')) continue;
    writeFileSync(join(kept, name), 'not Parquet');
  }
}

function contextOf(lake: Lake): StageContext {
  return {
    lake,
    datasets: DATASETS,
    selection: {},
    progress: silent,
    outputsOf: () => [],
    fingerprintOf: () => null,
    memoryOf: () => null,
  };
}
