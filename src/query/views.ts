import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { emptySelect, literalPath, quoteName, quoteText } from '../duckdb/duckdb.ts';
import { listFiles, listFolders } from '../file.ts';
import { curatedSchema, folderOf, MODELS, type Model, splitOf } from '../model.ts';
import { curatedFile, type Lake, zoneDir } from '../zone.ts';

/** Where the views of a lake are written for `duckdb -init`. */
export function viewsFile(lake: Lake): string {
  return curatedFile(lake, 'views.sql');
}

/** The text of `zones/curated/views.sql`: one view per curated table, with absolute paths. */
export function viewsText(lake: Lake): string {
  const statements = viewStatements(lake).map((statement) => `${statement};\n`);
  return `${HEADING}\n${statements.join('\n')}`;
}

/**
 * One `create or replace view` per curated table over its Parquet files, without semicolons, and then
 * one for each question that is asked of them often (`src/sql/views`). The view of a table that has no
 * file yet has its columns and no rows. With the text of a query, of the latter only those that it can
 * mean: making one costs a look at the files below it.
 */
export function viewStatements(lake: Lake, query: string | null = null): readonly string[] {
  const tables = MODELS.map((model) => {
    const select =
      parquetOf(lake, model).length === 0
        ? emptySelect(curatedSchema(model))
        : parquetSelect(lake, model);
    return `create or replace view ${quoteName(model.name)} as\n${select}`;
  });
  const derived = derivedViews()
    .filter(
      ({ name }) =>
        query === null || LOOKS_AROUND.test(query) || query.toLowerCase().includes(name),
    )
    .map(({ name, select }) => `create or replace view ${quoteName(name)} as\n${select}`);
  return [...tables, ...derived];
}

const LOOKS_AROUND = /\b(show|describe|summarize|information_schema|duckdb_\w+)\b/i;

/** A view that is made of curated tables. */
export interface DerivedView {
  readonly name: string;
  /** Its select, as in `src/sql/views/<name>.sql`, without white space at its end. */
  readonly select: string;
}

const DERIVED = join(CHECKOUT, 'src', 'sql', 'views');

/** Every view that is made of curated tables, sorted by name. */
export function derivedViews(): readonly DerivedView[] {
  return listFiles(DERIVED)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({
      name: file.slice(0, -'.sql'.length),
      select: readFileSync(join(DERIVED, file), 'utf8').trimEnd(),
    }));
}

/** The Parquet files of a model that are there, absolute and sorted. */
export function parquetOf(lake: Lake, model: Model): readonly string[] {
  const home = modelDir(lake, model);
  if (model.layout !== 'partitions') {
    const name = `${model.name}.parquet`;
    return listFiles(home).includes(name) ? [join(home, name)] : [];
  }
  return splitFolders(lake, model).flatMap((folder) =>
    listFiles(folder)
      .filter((name) => PARTITION_FILE.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Every folder that files of a model are in, absolute; also while there are none. */
export function foldersOfModel(lake: Lake, model: Model): readonly string[] {
  const home = modelDir(lake, model);
  if (model.layout === 'partitions') {
    return [join(home, model.name), ...splitFolders(lake, model)];
  }
  const copy = model.stagingCopy;
  return copy === undefined ? [home] : [home, resolve(zoneDir(lake, 'staging'), dirname(copy))];
}

function splitFolders(lake: Lake, model: Model): readonly string[] {
  const folder = join(modelDir(lake, model), model.name);
  return listFolders(folder)
    .filter((split) => split.startsWith(`${splitOf(model)}=`))
    .map((split) => join(folder, split));
}

/** The one Parquet file of a model as a table in a from clause; null while it has none. */
export function parquetTable(lake: Lake, model: Model): string | null {
  const [path] = parquetOf(lake, model);
  return path === undefined ? null : `read_parquet(${quoteText(literalPath(path))})`;
}

/** Absolute path of the folder that holds a model's files. */
export function modelDir(lake: Lake, model: Model): string {
  return resolve(curatedFile(lake, ...folderOf(model)));
}

const PARTITION_FILE = /^month=\d{4}-\d{2}\.parquet$/;

const HEADING = `-- Views over the curated tables of this lake. Written by adlake, do not edit.
-- Use it from any folder: duckdb -init views.sql
`;

function parquetSelect(lake: Lake, model: Model): string {
  const home = modelDir(lake, model);
  const tail =
    model.layout === 'partitions'
      ? join(model.name, `${splitOf(model)}=*`, 'month=*.parquet')
      : `${model.name}.parquet`;
  const glob = quoteText(join(literalPath(home), tail));
  return `select * from read_parquet(${glob}, union_by_name = false, hive_partitioning = false)`;
}
