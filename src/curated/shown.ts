import { emptySelect, literalPath, quoteText } from '../duckdb/duckdb.ts';
import { curatedSchema, modelNamed, sqlName, type TableName } from '../model.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';

/** From this many files on that are small, they are read once instead of for every question. */
const MANY_FILES = 200;
const SMALL_BYTES = 200_000;
/** So are files that are small together: to open them takes longer than to answer a question. */
const FEW_BYTES = 1_000_000;

/**
 * Makes a curated table be there under its name, from the Parquet files that it was published as:
 * other models read these, and never the staging files behind them.
 */
export async function showModel(workspace: Workspace, table: TableName): Promise<void> {
  await workspace.placing.get(table.name);
  const files = (workspace.published.get(table.name) ?? []).filter(({ path }) =>
    path.endsWith('.parquet'),
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const isMany = files.length >= MANY_FILES && bytes / files.length < SMALL_BYTES;
  const kind = isMany || bytes <= FEW_BYTES ? 'table' : 'view';
  const select =
    files.length > 0
      ? `select * from ${parquetSource(workspace, files)}`
      : emptySelect(curatedSchema(modelNamed(table.name)));
  await workspace.lanes.use((connection) =>
    connection.run(`create or replace ${kind} ${sqlName(table)} as ${select}`),
  );
}

/** Parquet files of the lake as a table in a from clause. */
export function parquetSource(workspace: Workspace, files: readonly OutputFile[]): string {
  const { home } = workspace.context.lake;
  return parquetAt(files.map(({ path }) => `${home}/${path}`));
}

/** Parquet files, by absolute paths, as a table in a from clause; `pathAs` names their column. */
export function parquetAt(paths: readonly string[], pathAs?: string): string {
  const list = paths.map((path) => quoteText(literalPath(path))).join(', ');
  const path = pathAs === undefined ? '' : `, filename = ${quoteText(pathAs)}`;
  return `read_parquet([${list}], union_by_name = false, hive_partitioning = false${path})`;
}
