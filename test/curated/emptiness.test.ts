import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../../src/checkout.ts';
import { createTable, type Engine, loadCsv, openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import {
  MODELS,
  type Model,
  modelSql,
  OWN_ROWS,
  sqlName,
  type TableName,
  withAncestors,
} from '../../src/model.ts';

const GOLDEN = join(CHECKOUT, 'test/golden/two-accounts/expected/staging');

/** Every table that any model is built on, and the models, each after those that it reads. */
const TABLES = new Map(
  MODELS.flatMap((model) => withAncestors(curated(model))).map((table) => [sqlName(table), table]),
);

function curated(model: Model): TableName {
  return { layer: 'curated', name: model.name };
}

function goldenFiles(dataset: string): readonly string[] {
  const at = readdirSync(GOLDEN)
    .map((platform) => join(GOLDEN, platform, dataset))
    .filter((folder) => existsSync(folder));
  return at.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.csv'))
      .map((name) => join(folder, name)),
  );
}

/** Makes all tables from the staging files that are given, by their SQL alone. */
async function makeAll(
  connection: DuckDBConnection,
  filesOf: (dataset: string) => readonly string[],
): Promise<void> {
  await connection.run('create schema staging; create schema partial');
  await connection.run('create schema intermediate; create schema checks; create schema curated');
  for (const [name, table] of TABLES) {
    if (table.layer !== 'staging') {
      await createTable(connection, name, modelSql(table));
      continue;
    }
    const schema = `staging/${table.name}.schema.json`;
    await loadCsv(connection, { table: name, schema, paths: filesOf(table.name) });
    await connection.run(`alter table ${name} add column input varchar default 'a file'`);
  }
}

/** Makes what a model reads from staging as it is now. */
async function makeAgain(connection: DuckDBConnection, model: Model): Promise<void> {
  for (const table of withAncestors(curated(model))) {
    const isMade = table.layer === 'staging' || table.name === model.name;
    if (!isMade) await createTable(connection, sqlName(table), modelSql(table));
  }
}

async function count(connection: DuckDBConnection, source: string): Promise<number> {
  const [row] = await rowsOf(connection, `select count(*) as total from ${source}`);
  return Number(row?.total);
}

describe('what is known to have no rows', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1, memory: '500MB', spillInto: null });
  });
  afterAll(() => engine.close());

  it('has none when it is asked: of nothing comes nothing, and nothing without what a model needs', async () => {
    const { connection } = engine;
    await makeAll(connection, goldenFiles);
    const wrong: string[] = [];
    for (const model of MODELS) {
      const needs = model.onlyWith ?? (model.keepsRows ? [model.countedFrom] : []);
      if (needs.length === 0) continue;
      await connection.run('begin');
      for (const table of needs) await connection.run(`delete from ${sqlName(table)}`);
      if (needs.some(({ layer }) => layer === 'staging')) await makeAgain(connection, model);
      if ((await count(connection, `(${modelSql(curated(model))})`)) > 0) wrong.push(model.name);
      await connection.run('rollback');
    }
    expect(wrong).toEqual([]);
  });

  it('is every table of a lake that has no staging, but for rules and words', async () => {
    const { connection } = engine;
    await connection.run(
      'drop schema if exists checks cascade; drop schema if exists staging cascade; drop schema if exists partial cascade',
    );
    await connection.run(
      'drop schema if exists intermediate cascade; drop schema if exists curated cascade',
    );
    await makeAll(connection, () => []);
    const wrong: string[] = [];
    for (const name of TABLES.keys()) if ((await count(connection, name)) > 0) wrong.push(name);
    expect(wrong.sort()).toEqual([...OWN_ROWS].sort());
  });
});
