import { rowsOf } from '../duckdb/duckdb.ts';
import { sqlName, type TableName } from '../model.ts';
import type { InputFile } from '../staging/file.ts';
import type { Workspace } from '../workspace.ts';
import { MONTH } from './made.ts';
import { EACH_SEEN, seenIn } from './row-check.ts';
import { buildAll, isEmpty } from './table.ts';

/**
 * The months of tables that have a column `date` and no files, by the table's name in SQL: a month (of an
 * account, where they are told apart) stands as a file without a path, whose hash is that of its rows, in
 * any order. Tables are built for it, but for those that are known to be empty.
 */
export async function rowsByMonth(
  workspace: Workspace,
  tables: readonly TableName[],
  isByAccount: boolean,
): Promise<ReadonlyMap<string, readonly InputFile[]>> {
  const months = new Map<string, InputFile[]>(tables.map((table) => [sqlName(table), []]));
  const filled = tables.filter((table) => !isEmpty(workspace, table));
  if (filled.length === 0) return months;
  await buildAll(workspace, filled);
  const account = isByAccount ? 'account_id' : "'all'";
  const selects = filled.map(
    (table, place) =>
      `select ${place} as place, ${account} as account, ${MONTH} as month, ${EACH_SEEN} from ${sqlName(table)} as each group by 2, 3`,
  );
  const found = await workspace.lanes.use((connection) =>
    rowsOf(connection, `${selects.join(' union all ')} order by place, account, month`),
  );
  for (const row of found) {
    const table = filled[Number(row.place)];
    const name = table === undefined ? '' : sqlName(table);
    const [own, month] = [String(row.account), String(row.month)];
    const of = { path: '', name, sha256: seenIn(row).digest, bytes: 0 };
    months.get(name)?.push({ ...of, account: own, month });
  }
  return months;
}
