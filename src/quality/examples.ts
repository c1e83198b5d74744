import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { build } from '../curated/table.ts';
import { quoteText, rowsOf } from '../duckdb/duckdb.ts';
import { MODELS, type TableName } from '../model.ts';
import { silent } from '../progress.ts';
import { parquetOf } from '../query/views.ts';
import { stageContext } from '../run.ts';
import type { OutputFile } from '../stage.ts';
import { closeIdle, inWorkspace } from '../workspace.ts';
import type { Lake } from '../zone.ts';

/** A row that does not hold. */
export interface Example {
  readonly account_id: string;
  /** The day, campaign or other thing that the row is about. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Rows that fail the checks of these names, by check, at most `limit` of each, sorted by account and
 * place; of these accounts, or of all.
 */
export async function examplesOf(
  lake: Lake,
  of: {
    readonly checks: readonly string[];
    readonly accounts?: readonly string[];
    readonly limit: number;
  },
): Promise<ReadonlyMap<string, readonly Example[]>> {
  const ofAccounts =
    of.accounts === undefined
      ? ''
      : ` and account_id in (${of.accounts.map(quoteText).join(', ')})`;
  const context = stageContext({ lake, selection: {}, progress: silent });
  try {
    return await inWorkspace(context, async (workspace) => {
      for (const { name } of MODELS) workspace.published.set(name, publishedOf(lake, name));
      const found = new Map<string, readonly Example[]>();
      for (const name of of.checks) {
        const table: TableName = { layer: 'checks', name };
        await build(workspace, table);
        const rows = await workspace.lanes.use((connection) =>
          rowsOf(
            connection,
            `select account_id, place, expected, found from checks.${name} where not is_ok${ofAccounts} order by account_id, place limit ${of.limit}`,
          ),
        );
        found.set(name, rows.map(exampleOf));
      }
      return found;
    });
  } finally {
    closeIdle();
  }
}

function publishedOf(lake: Lake, name: string): readonly OutputFile[] {
  const model = MODELS.find((each) => each.name === name);
  if (model === undefined) return [];
  return parquetOf(lake, model).map((path) => ({
    path: relative(lake.home, path),
    sha256: '',
    bytes: statSync(path).size,
    rows: 0,
    changed: false,
  }));
}

function exampleOf(row: Readonly<Record<string, unknown>>): Example {
  const { account_id, place, expected, found } = row;
  const text = (value: unknown): string => String(value ?? 'nothing');
  return {
    account_id: text(account_id),
    place: text(place),
    expected: text(expected),
    found: text(found),
  };
}
