import { dirname, join, resolve } from 'node:path';
import { quoteName } from '../duckdb/duckdb.ts';
import { namesIn, removeIfThere } from '../file.ts';
import type { Model } from '../model.ts';
import { splitOf } from '../model.ts';
import { modelDir, parquetOf } from '../query/views.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';

/** A model that is current on the disk. */
export interface Made {
  /** Its files, sorted by path. */
  readonly outputs: readonly OutputFile[];
  /** Rows that it was counted from. */
  readonly rowsIn: number;
  /** When its files are in place, and what is remembered of them with them; until then, as they were. */
  readonly placed: Promise<void>;
}

/** The month of the column `date`, `YYYY-MM`, in SQL. */
export const MONTH = "strftime(date, '%Y-%m')";

/** Value of the column that splits the model, and month, of a partition's file. */
export interface Place {
  readonly value: string;
  readonly month: string;
}

/** Absolute path of a partition's file. */
export function partitionFile(workspace: Workspace, model: Model, at: Place): string {
  const { value, month } = at;
  return join(
    modelDir(workspace.context.lake, model),
    model.name,
    `${splitOf(model)}=${value}`,
    `month=${month}.parquet`,
  );
}

/** Where a partition's file belongs; null for other files. */
export function placeOf(path: string): Place | null {
  const found = /=([^/=]+)\/month=(\d{4}-\d{2})\.parquet$/.exec(path);
  return found?.[1] === undefined || found[2] === undefined
    ? null
    : { value: found[1], month: found[2] };
}

/** Columns that order the rows of a model, as SQL. */
export function orderOf(model: Model): string {
  return model.key.map(quoteName).join(', ');
}

/** Removes Parquet files of the model that no row belongs to any more. */
export function removeOthers(
  workspace: Workspace,
  model: Model,
  outputs: readonly OutputFile[],
): void {
  const { lake } = workspace.context;
  const written = new Set(outputs.map((output) => resolve(lake.home, output.path)));
  for (const path of parquetOf(lake, model)) if (!written.has(path)) removeIfThere(path);
}

/** True when a file's name is in its folder; each folder is listed once, however often it is asked. */
export function presence(home: string): (path: string) => boolean {
  const folders = new Map<string, ReadonlySet<string>>();
  return (path) => {
    const folder = dirname(path);
    const names = folders.get(folder) ?? namesIn(join(home, folder));
    folders.set(folder, names);
    return names.has(path.slice(folder.length + 1));
  };
}
