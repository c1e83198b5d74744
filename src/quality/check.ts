import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { modelSql, tablesIn } from '../model.ts';

/** Names of all checks: the files of `src/sql/checks`, sorted. */
export function checkNames(): readonly string[] {
  return readdirSync(join(CHECKOUT, 'src', 'sql', 'checks'))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

/**
 * The curated table that a check can hold back: the only one that it looks at. Null when it looks at
 * others too, since these are made later, or from it.
 */
export function heldBackBy(check: string): string | null {
  const [table, ...others] = tablesIn(modelSql({ layer: 'checks', name: check }));
  return table?.layer === 'curated' && others.length === 0 ? table.name : null;
}
