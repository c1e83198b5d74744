import type { DuckDBConnection } from '@duckdb/node-api';
import { brokenRules } from '../contract-sql.ts';
import { quoteName, rowsOf } from '../duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { curatedSchema, type Model } from '../model.ts';

/**
 * Checks the rows of a model in a table of the engine: each keeps the contract, and the key is unique.
 * Throws `BUG` for the first (nothing bad can come from valid staging), `ACCOUNTING` for the second.
 */
export async function checkRows(
  connection: DuckDBConnection,
  of: { readonly model: Model; readonly table: string },
): Promise<void> {
  await checkContract(connection, of);
  await checkKey(connection, of);
}

async function checkContract(
  connection: DuckDBConnection,
  of: { readonly model: Model; readonly table: string },
): Promise<void> {
  const [broken] = await brokenRules(connection, {
    table: of.table,
    schema: curatedSchema(of.model),
  });
  if (broken === undefined) return;
  const { rule, rows } = broken;
  const [example] = await rowsOf(
    connection,
    `select * from ${of.table} where not (${rule.condition}) limit 1`,
  );
  throw new AdlakeError({
    code: 'BUG',
    message: `curated.${of.model.name}: ${rule.column} must be ${rule.expected}, but is not in ${rows} rows, for example ${JSON.stringify(example)}.`,
    remedy: 'This is a fault of the model: report it. Curated files are as they were.',
  });
}

async function checkKey(
  connection: DuckDBConnection,
  of: { readonly model: Model; readonly table: string },
): Promise<void> {
  const key = of.model.key.map(quoteName).join(', ');
  const [row] = await rowsOf(
    connection,
    `select ${key} from ${of.table} group by ${key} having count(*) > 1 order by ${key} limit 1`,
  );
  if (row === undefined) return;
  throw new AdlakeError({
    code: 'ACCOUNTING',
    message: `${of.model.name} would have more than one row for ${JSON.stringify(row)}; its key is ${of.model.key.join(', ')}.`,
    remedy:
      'Look for the same rows landed twice, for example under two accounts, and remove one of the landing batches.',
  });
}
