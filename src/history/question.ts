import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { type JsonRow, openEngine } from '../duckdb/duckdb.ts';
import { viewStatements } from '../query/views.ts';
import type { Lake } from '../zone.ts';

/** The text of a statement in `src/sql/questions`: what commands ask the curated tables. */
export function questionSql(name: string): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'questions', `${name}.sql`), 'utf8');
}

/**
 * The rows that answer a statement of `src/sql/questions` over the curated tables of a lake; `values` are
 * what stands for `$name` in it. Decimals and 64-bit integers are text.
 */
export async function answersTo(
  lake: Lake,
  question: {
    readonly name: string;
    readonly values: Readonly<Record<string, string | number | null>>;
  },
): Promise<readonly JsonRow[]> {
  const sql = questionSql(question.name);
  const engine = await openEngine({ threads: 1, memory: '512MB', spillInto: null });
  try {
    for (const view of viewStatements(lake, sql).filter((one) => isNamedIn(one, sql))) {
      await engine.connection.run(view);
    }
    const reader = await engine.connection.runAndReadAll(sql, { ...question.values });
    return reader.getRowObjectsJson();
  } finally {
    engine.close();
  }
}

/** Whether the view that a statement makes is named in the text. */
function isNamedIn(view: string, sql: string): boolean {
  const name = /^create or replace view "([^"]+)"/.exec(view)?.[1] ?? '';
  return new RegExp(`\\b${name}\\b`).test(sql);
}
