import { contractAt } from './contract.ts';
import { brokenRules } from './contract-sql.ts';
import {
  columnTypes,
  DUCKDB_VERSION,
  type Engine,
  loadCsv,
  openEngine,
  quoteName,
  rowsOf,
} from './duckdb.ts';
import { AdlakeError } from './errors.ts';
import { hashOf } from './file.ts';
import { modelSql, sqlName, type TableName, tablesIn, withAncestors } from './model.ts';
import { cacheFile, type Lake } from './zone.ts';

/** A file that tables are loaded from. */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** Path relative to the lake's home: the same wherever the lake lies. */
  readonly name: string;
  readonly sha256: string;
}

/** Lists the staging files of a dataset, sorted by path. */
export type FilesOf = (dataset: string) => readonly InputFile[];

/**
 * The engine in which curated is built, with the tables that are in it. Tables are named by their
 * content: asking for one whose inputs changed builds it again, asking twice builds it once.
 */
export interface Workspace {
  readonly engine: Engine;
  /** Builds the table and all that it is built on. */
  readonly build: (table: TableName, filesOf: FilesOf) => Promise<void>;
}

/** Raise it when the same SQL and staging would give other tables or files. */
export const CURATED_VERSION = 1;

/** Enough for the two cores of a small machine; more brings little for tables of this size. */
const THREADS = 2;
const MEMORY = '2GB';
/** How long an idle workspace is kept for the next task of the run. */
const IDLE_MILLISECONDS = 2000;

/**
 * The content hash of a table: of its SQL, its contract, the engine and everything it is built on,
 * down to the bytes of staging files. `filesOf` lists those. Never depends on times or places.
 */
export function fingerprintOf(table: TableName, filesOf: FilesOf): string {
  const parts = withAncestors(table).map((each) => [sqlName(each), contentOf(each, filesOf)]);
  return hashOf(Buffer.from(JSON.stringify([CURATED_VERSION, DUCKDB_VERSION, parts])));
}

let kept: { readonly home: string; readonly workspace: Workspace } | null = null;
let closing: NodeJS.Timeout | undefined;

/**
 * Runs `work` in the lake's workspace. The workspace is shared by calls that follow each other and
 * closed when it was idle for a moment; it does not keep the process alive. Not for parallel calls.
 */
export async function inWorkspace<T>(
  lake: Lake,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  clearTimeout(closing);
  if (kept?.home !== lake.home) closeWorkspace();
  kept ??= { home: lake.home, workspace: await openWorkspace(lake) };
  try {
    return await work(kept.workspace);
  } catch (error) {
    closeWorkspace();
    throw error;
  } finally {
    closing = setTimeout(closeWorkspace, IDLE_MILLISECONDS).unref();
  }
}

/** Closes the shared workspace at once, if there is one. */
export function closeWorkspace(): void {
  clearTimeout(closing);
  kept?.workspace.engine.close();
  kept = null;
}

async function openWorkspace(lake: Lake): Promise<Workspace> {
  const spillInto = cacheFile(lake, 'duckdb');
  const engine = await openEngine({ threads: THREADS, memory: MEMORY, spillInto });
  for (const layer of ['staging', 'intermediate', 'curated']) {
    await engine.connection.run(`create schema ${layer}`);
  }
  const built = new Map<string, string>();
  return { engine, build: (table, filesOf) => build({ engine, built }, table, filesOf) };
}

interface Bench {
  readonly engine: Engine;
  readonly built: Map<string, string>;
}

async function build(bench: Bench, table: TableName, filesOf: FilesOf): Promise<void> {
  for (const each of withAncestors(table)) {
    const fingerprint = fingerprintOf(each, filesOf);
    if (bench.built.get(sqlName(each)) === fingerprint) continue;
    await create(bench.engine, each, filesOf);
    bench.built.set(sqlName(each), fingerprint);
  }
}

async function create(engine: Engine, table: TableName, filesOf: FilesOf): Promise<void> {
  const name = sqlName(table);
  if (table.layer === 'staging') {
    const paths = filesOf(table.name).map((file) => file.path);
    return loadCsv(engine.connection, { table: name, schema: schemaOf(table), paths });
  }
  const columns = table.layer === 'curated' ? typedColumns(schemaOf(table)) : '*';
  const select = `select ${columns} from (\n${modelSql(table)}\n) as model`;
  await engine.connection.run(`create or replace table ${name} as ${select}`);
  if (table.layer === 'curated') await judge(engine, name, schemaOf(table));
}

/** Nothing bad can come from valid staging, so a row that breaks its contract is a fault of a model. */
async function judge(engine: Engine, table: string, schema: string): Promise<void> {
  const [broken] = await brokenRules(engine.connection, { table, schema });
  if (broken === undefined) return;
  const { rule, rows } = broken;
  const [example] = await rowsOf(
    engine.connection,
    `select * from ${table} where not (${rule.condition}) limit 1`,
  );
  throw new AdlakeError({
    code: 'BUG',
    message: `${table}: ${rule.column} must be ${rule.expected}, but is not in ${rows} rows, for example ${JSON.stringify(example)}.`,
    remedy: 'This is a fault of the model: report it. Curated files are as they were.',
  });
}

function typedColumns(schema: string): string {
  return columnTypes(schema)
    .map(([name, type]) => `cast(${quoteName(name)} as ${type}) as ${quoteName(name)}`)
    .join(', ');
}

function contentOf(table: TableName, filesOf: FilesOf): unknown {
  if (table.layer === 'staging') {
    return [contractAt(schemaOf(table)).sha256, printOf(filesOf(table.name))];
  }
  const contract = table.layer === 'curated' ? contractAt(schemaOf(table)).sha256 : null;
  return [contract, modelSql(table), tablesIn(modelSql(table))];
}

const prints = new WeakMap<readonly InputFile[], string>();

/** One hash for all of them, made once for each list: several models read the same files. */
function printOf(files: readonly InputFile[]): string {
  const print =
    prints.get(files) ??
    hashOf(Buffer.from(JSON.stringify(files.map((file) => [file.name, file.sha256]))));
  prints.set(files, print);
  return print;
}

function schemaOf(table: TableName): string {
  return `${table.layer}/${table.name}.schema.json`;
}
