import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { MODELS, modelSql, sqlName, type TableName, tablesIn, withAncestors } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { withRoom } from './memory.ts';
import { type Folded, type Folding, type Foldings, foldFiles } from './partial-fold.ts';
import { folderOf, keep, loadKept } from './partial-kept.ts';

/**
 * Loads a table of the layer `partial`: what each staging file of one dataset says, folded on its own
 * by the table's SQL, in which `input` names the file. What was folded before is in
 * `cache/curated/partial`, by the file's content; only files whose content is new are read. All tables of
 * this layer that are folded from one dataset are loaded together, so that its files are read once for them.
 */
export function loadPartial(workspace: Workspace, table: TableName): Promise<void> {
  const dataset = datasetOf(table);
  const name = `partial tables of ${dataset}`;
  const known = workspace.built.get(name);
  if (known !== undefined) return known;
  const loading = loadAll(workspace, dataset);
  workspace.built.set(name, loading);
  return loading;
}

async function loadAll(workspace: Workspace, dataset: string): Promise<void> {
  const all = await workspace.lanes.use(async (connection) => {
    await loadInputs(workspace, { connection, dataset });
    const found: Folding[] = [];
    for (const table of partialsOf(dataset)) {
      found.push(await lookUp(workspace, { connection, table, dataset }));
    }
    return found;
  });
  for (const foldings of together(dataset, all)) {
    const folded = await withRoom(workspace, () => foldFiles(workspace, foldings));
    await workspace.lanes.use(async (connection) => {
      for (const each of folded) await gather(connection, each);
    });
  }
}

/** The one staging dataset that a table of this layer is folded from. */
function datasetOf(table: TableName): string {
  const [from, ...others] = tablesIn(modelSql(table));
  if (from?.layer === 'staging' && others.length === 0) return from.name;
  throw new AdlakeError({
    code: 'BUG',
    message: `src/sql/partial/${table.name}.sql must read one staging dataset and nothing else.`,
    remedy: 'Read other tables in a model of src/sql/intermediate.',
  });
}

/** The tables of this layer that are folded from a dataset, each once, as the models ask for them. */
function partialsOf(dataset: string): readonly TableName[] {
  const all = MODELS.flatMap(({ name }) => withAncestors({ layer: 'curated', name }));
  const partials = all.filter(({ layer }) => layer === 'partial');
  const byName = new Map(partials.map((table) => [table.name, table]));
  return [...byName.values()].filter((table) => datasetOf(table) === dataset);
}

/** `input.<dataset>`: the path of each staging file and its content hash. */
async function loadInputs(
  workspace: Workspace,
  of: { readonly connection: DuckDBConnection; readonly dataset: string },
): Promise<void> {
  const { connection, dataset } = of;
  await connection.run(`create table input.${dataset} (path varchar, input varchar)`);
  const appender = await connection.createAppender(dataset, 'input');
  for (const file of workspace.filesOf(dataset)) {
    appender.appendVarchar(file.path);
    appender.appendVarchar(file.sha256);
    appender.endRow();
  }
  appender.closeSync();
}

async function lookUp(
  workspace: Workspace,
  of: {
    readonly connection: DuckDBConnection;
    readonly table: TableName;
    readonly dataset: string;
  },
): Promise<Folding> {
  const { connection, table, dataset } = of;
  const name = sqlName(table);
  const folder = folderOf(workspace, { table, dataset });
  const isKept = await loadKept(connection, { folder, name, dataset });
  const known = isKept ? await inputsIn(connection, name) : NONE;
  const files = workspace.filesOf(dataset).filter(({ sha256 }) => !known.has(sha256));
  return { table, folder, isKept, files };
}

const NONE: ReadonlySet<string> = new Set();

async function inputsIn(connection: DuckDBConnection, name: string): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(connection, `select distinct input from ${name}`);
  return new Set(rows.map(({ input }) => String(input)));
}

/** Tables that are folded from the same files, put together; those that are whole already are left out. */
function together(dataset: string, all: readonly Folding[]): readonly Foldings[] {
  const groups = new Map<string, readonly Folding[]>();
  for (const each of all) {
    if (each.isKept && each.files.length === 0) continue;
    const files = each.files.map(({ path }) => path).join('\n');
    groups.set(files, [...(groups.get(files) ?? []), each]);
  }
  return [...groups.values()].map((of) => ({ dataset, files: of[0]?.files ?? [], of }));
}

/** Puts what was folded into the table, and keeps it. */
async function gather(connection: DuckDBConnection, { of, into }: Folded): Promise<void> {
  const name = sqlName(of.table);
  const beside = into.filter((each) => each !== name);
  const fresh = beside.map((each) => `select * from ${each}`).join(' union all ');
  if (beside.length > 0) await connection.run(`insert into ${name} ${fresh}`);
  const rows = { all: name, fresh: of.isKept ? `(${fresh})` : name };
  if (of.files.length > 0) await keep(connection, of.folder, rows);
  for (const each of beside) await connection.run(`drop table ${each}`);
}
