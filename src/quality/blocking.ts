import type { DuckDBConnection } from '@duckdb/node-api';
import { readableCount } from '../amount.ts';
import { quoteText, rowsOf } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { type Model, modelSql } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { heldBackBy } from './check.ts';

/**
 * Looks at rows of a model before they become files: when a check that may hold the table back fails,
 * throws `QUALITY`, and the files stay as they were. `table` has the rows; they may be those of some
 * months only, and then the share that must hold is taken of these.
 */
export async function checkBlocking(
  workspace: Workspace,
  of: { readonly connection: DuckDBConnection; readonly model: Model; readonly table: string },
): Promise<void> {
  for (const check of workspace.context.blockingChecks ?? []) {
    if (heldBackBy(check) === of.model.name) await checkOne({ ...of, check });
  }
}

async function checkOne(of: {
  readonly connection: DuckDBConnection;
  readonly model: Model;
  readonly table: string;
  readonly check: string;
}): Promise<void> {
  const { connection, model, check } = of;
  const named = new RegExp(`\\bcurated\\.${model.name}\\b`, 'g');
  const sql = modelSql({ layer: 'checks', name: check }).replaceAll(named, of.table);
  const [tally] = await rowsOf(
    connection,
    `select
      coalesce(sum(rows), 0) as judged,
      coalesce(sum(case when is_ok then 0 else rows end), 0) as failing,
      max(rules.what) as what,
      coalesce(sum(case when is_ok then rows else 0 end), 0) >= coalesce(sum(rows), 0) * max(rules.must_hold) as holds
    from (\n${modelSql({ layer: 'intermediate', name: 'quality_rules' })}\n) as rules
    left join (\n${sql}\n) as judged on true
    where rules.check_name = ${quoteText(check)}`,
  );
  if (tally?.holds === true) return;
  const [example] = await rowsOf(
    connection,
    `select * from (\n${sql}\n) as judged where not is_ok order by account_id, place limit 1`,
  );
  const rows = `${readableCount(Number(tally?.failing))} of ${readableCount(Number(tally?.judged))}`;
  throw new AdlakeError({
    code: 'QUALITY',
    message: `${model.name} was held back by the check ${check} (${String(tally?.what)}): ${rows} rows fail, for example account ${String(example?.account_id)}, ${String(example?.place)}: expected ${String(example?.expected)}, found ${String(example?.found)}.`,
    remedy: `Its files are as they were. Look at what came with \`adlake trace\`; to let the table through all the same, leave ${check} out of ADLAKE_BLOCKING_CHECKS.`,
  });
}
