import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literalPath, quoteName, quoteText, rowsOf } from '../duckdb/duckdb.ts';
import { temporaryBeside } from '../file.ts';
import {
  columnsNamed,
  type Model,
  type MonthlyRule,
  modelSql,
  splitOf,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import { cacheFile } from '../zone.ts';
import { MONTH, placeOf } from './made.ts';
import { parquetSource } from './shown.ts';
import { build } from './table.ts';

/**
 * The files among `files` in which a row may look up something that changed since the model was made.
 * What it looked up then is kept in `cache/curated/lookups`; without it, every file may.
 */
export async function touchedBy(
  workspace: Workspace,
  of: { readonly model: Model; readonly rule: MonthlyRule; readonly files: readonly OutputFile[] },
): Promise<Touched> {
  const touched = new Set<OutputFile>();
  const changed: Lookup[] = [];
  for (const lookup of lookupsOf(of.model, of.rule)) {
    await build(workspace, lookup.table);
    const left = of.files.filter((file) => !touched.has(file));
    await allColumns(workspace, lookup.table);
    const found = await workspace.lanes.use((connection) =>
      touchedByOne(workspace, { ...of, connection, lookup, files: left }),
    );
    if (found === null) continue;
    changed.push(lookup);
    for (const file of found) touched.add(file);
  }
  return { files: [...touched], changed };
}

/** What changed in tables that a model looks things up in. */
export interface Touched {
  /** Files that it may concern. */
  readonly files: readonly OutputFile[];
  /** The tables that are not what they were, or of which that is not known. */
  readonly changed: readonly Lookup[];
}

/**
 * Writes down what the model looks up now. What is given keeps it for the next time, which is to be done
 * when all files of the model are in place.
 */
export async function writeLookups(
  workspace: Workspace,
  model: Model,
  changed: readonly Lookup[],
): Promise<() => void> {
  const written: { readonly path: string; readonly temporary: string }[] = [];
  for (const lookup of changed) {
    const path = keptAt(workspace, model, lookup);
    const temporary = temporaryBeside(path);
    mkdirSync(dirname(path), { recursive: true });
    const columns = await columnsOf(workspace, model, lookup);
    await workspace.lanes.use((connection) =>
      connection.run(
        `copy (select ${columns} from ${sqlName(lookup.table)}) to ${quoteText(temporary)} (format parquet, use_tmp_file false)`,
      ),
    );
    written.push({ path, temporary });
  }
  return () => {
    for (const { path, temporary } of written) renameSync(temporary, path);
  };
}

/** A table that a model's rows look something up in. */
export interface Lookup {
  readonly table: TableName;
  /** The columns of the model by which rows are looked up, each with that of the table. */
  readonly by: ReadonlyArray<readonly [ofModel: string, ofTable: string]>;
}

function lookupsOf(model: Model, rule: MonthlyRule): readonly Lookup[] {
  return tablesIn(modelSql({ layer: 'curated', name: model.name })).flatMap((table) => {
    const by = rule.lookups[sqlName(table)];
    return by === undefined ? [] : [{ table, by: by.map(columnPair) }];
  });
}

/** `name` or `<column of the table> as <column of the model>`, as `MonthlyRule.lookups` has them. */
function columnPair(text: string): readonly [ofModel: string, ofTable: string] {
  const [ofTable = '', ofModel = ofTable] = text.split(' as ');
  return [ofModel, ofTable];
}

interface Asked {
  /** The table `changed` is this connection's own. */
  readonly connection: DuckDBConnection;
  readonly model: Model;
  readonly lookup: Lookup;
  readonly files: readonly OutputFile[];
}

/** Null when the table is what it was. */
async function touchedByOne(
  workspace: Workspace,
  of: Asked,
): Promise<readonly OutputFile[] | null> {
  const isKnown = await findChanged(workspace, of);
  if (!isKnown) return of.files;
  const { connection } = of;
  const [row] = await rowsOf(connection, 'select count(*) as total from changed');
  if (Number(row?.total) === 0) return null;
  const files = await mayBeTouched(of);
  if (files.length === 0) return [];
  const split = splitOf(of.model);
  const by = of.lookup.by.map(([ofModel]) => quoteName(ofModel)).join(', ');
  const rows = await rowsOf(
    connection,
    `select distinct ${quoteName(split)} as value, ${MONTH} as month from ${parquetSource(workspace, files)} semi join changed using (${by})`,
  );
  const places = new Set(rows.map(({ value, month }) => `${String(value)}/${String(month)}`));
  return files.filter((file) => {
    const place = placeOf(file.path);
    return place !== null && places.has(`${place.value}/${place.month}`);
  });
}

/** Makes the table `changed` of the keys whose rows are others now; false when that is not known. */
async function findChanged(workspace: Workspace, of: Asked): Promise<boolean> {
  const path = keptAt(workspace, of.model, of.lookup);
  if (!existsSync(path)) return false;
  const columns = await columnsOf(workspace, of.model, of.lookup);
  const now = `select ${columns} from ${sqlName(of.lookup.table)}`;
  const then = `select ${columns} from read_parquet(${quoteText(literalPath(path))}, hive_partitioning = false)`;
  const by = of.lookup.by
    .map((pair) => `${quoteName(pair[1])} as ${quoteName(pair[0])}`)
    .join(', ');
  try {
    await of.connection.run(
      `create or replace temp table changed as select distinct ${by} from ((${now} except all ${then}) union all (${then} except all ${now}))`,
    );
    return true;
  } catch {
    return false;
  }
}

/** Without looking into files: a change of one account, or of some days, concerns no others. */
async function mayBeTouched(of: Asked): Promise<readonly OutputFile[]> {
  const { connection } = of;
  const split = splitOf(of.model);
  const valuesOf = async (column: string, as: string): Promise<ReadonlySet<string> | null> => {
    if (!of.lookup.by.some(([ofModel]) => ofModel === column)) return null;
    const rows = await rowsOf(connection, `select distinct ${as} as value from changed`);
    return new Set(rows.map(({ value }) => String(value)));
  };
  const values = await valuesOf(split, quoteName(split));
  const months = await valuesOf('date', MONTH);
  return of.files.filter(({ path }) => {
    const place = placeOf(path);
    if (place === null) return false;
    return (values?.has(place.value) ?? true) && (months?.has(place.month) ?? true);
  });
}

/** Columns of the table that the model names, in order. */
async function columnsOf(workspace: Workspace, model: Model, lookup: Lookup): Promise<string> {
  const columns = await allColumns(workspace, lookup.table);
  const sql = modelSql({ layer: 'curated', name: model.name });
  return columnsNamed(sql, { table: lookup.table, columns }).map(quoteName).join(', ');
}

async function allColumns(workspace: Workspace, table: TableName): Promise<readonly string[]> {
  const name = sqlName(table);
  const known = workspace.columns.get(name);
  if (known !== undefined) return known;
  const rows = await workspace.lanes.use((connection) => rowsOf(connection, `describe ${name}`));
  const columns = rows.map((row) => String(row.column_name));
  workspace.columns.set(name, columns);
  return columns;
}

function keptAt(workspace: Workspace, model: Model, lookup: Lookup): string {
  const name = `${model.name}.${sqlName(lookup.table)}.parquet`;
  return cacheFile(workspace.context.lake, 'curated', 'lookups', name);
}
