import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  StatementType,
} from '@duckdb/node-api';
import { AdlakeError } from '../errors.ts';

/**
 * Prepares one statement that reads, and nothing else. The text is judged before the engine sees it,
 * because preparing is not harmless: to prepare an export makes its folder. Throws `SQL_REFUSED`.
 */
export async function readingStatement(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  checkText(sql);
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    throw refusal(`One statement was expected, ${statements.count} were found.`);
  }
  const statement = await statements.prepare(0);
  if (!READING_TYPES.has(statement.statementType)) {
    const kind = StatementType[statement.statementType] ?? 'this';
    throw refusal(`Only statements that read are allowed, and ${kind} is none.`);
  }
  if (statement.parameterCount > 0) {
    throw refusal('The statement has placeholders ($1 or ?), and there are no values for them.');
  }
  if (statement.statementType === StatementType.EXPLAIN) {
    await readingStatement(connection, explained(sql));
  }
  return statement;
}

/** An error that says why a statement is not answered, and what to do instead. */
export function refusal(
  message: string,
  more: { readonly remedy?: string; readonly cause?: unknown } = {},
): AdlakeError {
  return new AdlakeError({
    code: 'SQL_REFUSED',
    message,
    remedy:
      more.remedy ??
      'Write one select over the curated tables. To change anything, use DuckDB itself with zones/curated/views.sql.',
    cause: more.cause,
  });
}

const READING_TYPES = new Set([StatementType.SELECT, StatementType.EXPLAIN]);
const READING_WORDS = new Set(
  'select with values from table describe desc summarize show explain pivot unpivot'.split(' '),
);
/**
 * Functions that can be selected from and yet change something: profiles and logs go to files, even
 * in the folder that may be read; the others run SQL that is hidden in text.
 */
const FORBIDDEN =
  /\b((?:en|dis)able_\w+|\w*checkpoint|write_log|truncate_\w+|json_execute_serialized_sql|query|query_table)"?(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(/i;
/** An explained statement is judged itself: `explain analyze` carries it out. */
const EXPLAIN = /^explain\s+(?:analyze\s+)?(?:\(.*?\)\s*)?/i;

function checkText(sql: string): void {
  const bare = withoutComments(sql);
  if (bare.replaceAll(';', '').trim() === '') throw refusal('No statement was found.');
  const word = /^[\s(]*([a-z]+)/i.exec(bare)?.[1]?.toLowerCase() ?? bare.slice(0, 1);
  if (!READING_WORDS.has(word)) {
    throw refusal(
      `Only statements that read are allowed, and one that begins with ${word} is none.`,
    );
  }
  const forbidden = FORBIDDEN.exec(sql)?.[1];
  if (forbidden !== undefined) {
    throw refusal(`The function ${forbidden} is not allowed: it does more than read tables.`);
  }
  if (word === 'explain') checkText(explained(sql));
}

function explained(sql: string): string {
  const bare = withoutComments(sql);
  const inner = bare.replace(EXPLAIN, '');
  if (inner.trim() !== '' && inner !== bare) return inner;
  throw refusal('The statement that is to be explained was not found.');
}

/** Leaves out what stands before the statement. A comment in a comment stays, and so is refused. */
function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:(?!\/\*)[\s\S])*?\*\/)+/, '');
}
