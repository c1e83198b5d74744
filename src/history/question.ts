import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';

/** The text of a statement in `src/sql/questions`: what commands ask the curated tables. */
export function questionSql(name: string): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'questions', `${name}.sql`), 'utf8');
}
