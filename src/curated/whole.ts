import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import { writeFiles } from '../curated-file.ts';
import {
  createTable,
  DUCKDB_VERSION,
  emptySelect,
  rowsOf,
  typedColumns,
} from '../duckdb/duckdb.ts';
import { hashOf } from '../file.ts';
import {
  curatedSchema,
  type Model,
  modelSql,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import { checkBlocking } from '../quality/blocking.ts';
import { modelDir } from '../query/views.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import { zoneDir } from '../zone.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { buildKept } from './kept.ts';
import { type Made, removeOthers } from './made.ts';
import { TRIMMED_ROWS, trim } from './memory.ts';
import { finishFiles, type MadeFile, placeFiles, removeTemporaries } from './partition-file.ts';
import { fileChecks } from './recorded-file.ts';
import {
  checkColumns,
  checkRow,
  type ModelTable,
  NO_ROWS_SEEN,
  type RowsSeen,
} from './row-check.ts';
import { areEmpty, buildAll, originOf, rowsIn } from './table.ts';

/**
 * Makes a model current by making all of it, unless everything it reads is what it was when its files were
 * made: the bytes of staging and of other curated tables, and the text of what lies between.
 */
export async function makeWhole(workspace: Workspace, model: Model): Promise<Made> {
  const { lake } = workspace.context;
  const checks = fileChecks(lake, model.name);
  const print = printOf(workspace, model);
  const recorded = workspace.context.outputsOf(`staging-to-curated/${model.name}`);
  const isSame = recorded.length > 0 && recorded.every((file) => noteOf(file)[0] === print);
  if (isSame && recorded.every(checks.isAsRecorded)) {
    checks.remember(recorded);
    const outputs = recorded.map((file) => ({ ...file, changed: false }));
    return { outputs, rowsIn: Number(noteOf(recorded[0])[1]), placed: Promise.resolve() };
  }
  const made = await makeTable(workspace, model);
  const files = await finish(workspace, { ...made, model, note: `${print} ${made.counted}` });
  const outputs = files.map(({ output }) => output);
  await dropLarge(workspace, model, outputs);
  const place = async (): Promise<void> => {
    await placeFiles(files);
    removeOthers(workspace, model, outputs);
    checks.remember(outputs);
  };
  return { outputs, rowsIn: made.counted, placed: place() };
}

function noteOf(file: OutputFile | undefined): readonly string[] {
  return file?.digest?.split(' ') ?? [];
}

function printOf(workspace: Workspace, model: Model): string {
  const sql = modelSql(tableOf(model));
  const digests = tablesIn(sql).map((table) => originOf(workspace, table));
  const contract = contractAt(curatedSchema(model)).sha256;
  const parts = [CURATED_VERSION, DUCKDB_VERSION, contract, sql, digests];
  return hashOf(Buffer.from(JSON.stringify(parts)));
}

/** All rows of a model. */
interface AllRows {
  /** The rows as a table in a from clause. */
  readonly table: string;
  readonly seen: RowsSeen;
  /** Rows that they were counted from. */
  readonly counted: number;
}

/** Who reads a large table reads its files: what is in memory is not there for others. */
async function dropLarge(
  workspace: Workspace,
  model: Model,
  files: readonly OutputFile[],
): Promise<void> {
  const name = sqlName(tableOf(model));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= KEPT_BYTES || !workspace.built.delete(name)) return;
  await workspace.lanes.use(async (connection) => {
    await connection.run(`drop table ${name}`);
    await trim(workspace, connection);
  });
}

const KEPT_BYTES = 4_000_000;

/** Builds the table under the model's name, unless it is known to have no rows. */
async function makeTable(workspace: Workspace, model: Model): Promise<AllRows> {
  const sql = modelSql(tableOf(model));
  if (hasNoRows(workspace, model, sql)) {
    return { table: `(${emptySelect(curatedSchema(model))})`, seen: NO_ROWS_SEEN, counted: 0 };
  }
  const table = sqlName(tableOf(model));
  buildKept(workspace, tablesIn(sql));
  await buildAll(workspace, tablesIn(sql));
  const seen = await workspace.lanes.use(async (connection) => {
    const columns = typedColumns(curatedSchema(model));
    const rows = await createTable(
      connection,
      table,
      `select ${columns} from (\n${sql}\n) as model`,
    );
    const seen = rows === 0 ? NO_ROWS_SEEN : await judged(workspace, connection, { model, table });
    await checkBlocking(workspace, { connection, model, table });
    return seen;
  });
  workspace.rows.set(table, seen.rows);
  workspace.built.set(table, Promise.resolve());
  return { table, seen, counted: await rowsIn(workspace, model.countedFrom) };
}

async function judged(
  workspace: Workspace,
  connection: DuckDBConnection,
  of: ModelTable,
): Promise<RowsSeen> {
  const [found] = await rowsOf(connection, `select ${checkColumns(of.model)} from ${of.table}`);
  if (Number(found?.total ?? 0) > TRIMMED_ROWS) await trim(workspace, connection);
  return checkRow(connection, of, found);
}

function hasNoRows(workspace: Workspace, model: Model, sql: string): boolean {
  const counted = model.keepsRows ? [model.countedFrom] : tablesIn(sql);
  return areEmpty(workspace, model.onlyWith ?? counted);
}

async function finish(
  workspace: Workspace,
  of: AllRows & { readonly model: Model; readonly note: string },
): Promise<readonly MadeFile[]> {
  const { model, table, seen, note } = of;
  if (model.layout === 'partitions') {
    return seen.rows === 0 ? [] : finishPartitions(workspace, of);
  }
  const rows = { select: `select * from ${table}`, model, seen };
  const paths = pathsOf(workspace, model);
  const files = await workspace.lanes.use((connection) =>
    writeFiles(connection, workspace.context.lake, { rows, paths }),
  );
  return files.map((file) => ({ ...file, output: { ...file.output, digest: note } }));
}

async function finishPartitions(
  workspace: Workspace,
  of: AllRows & { readonly model: Model; readonly note: string },
): Promise<readonly MadeFile[]> {
  const temporaries: string[] = [];
  const note = (): string => of.note;
  try {
    const into = { model: of.model, temporaries };
    return await workspace.lanes.use((connection) =>
      finishFiles(workspace, into, { connection, table: of.table, isSorted: false, note }),
    );
  } catch (error) {
    removeTemporaries(temporaries);
    throw error;
  }
}

/** Where the files of a model belong that is not split, absolute. */
function pathsOf(workspace: Workspace, model: Model): readonly string[] {
  const { lake } = workspace.context;
  const base = join(modelDir(lake, model), model.name);
  if (model.layout === 'parquet') return [`${base}.parquet`];
  const copy = model.stagingCopy;
  const copies = copy === undefined ? [] : [join(zoneDir(lake, 'staging'), copy)];
  return [`${base}.csv`, `${base}.parquet`, ...copies];
}

function tableOf(model: Model): TableName {
  return { layer: 'curated', name: model.name };
}
