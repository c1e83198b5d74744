import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { plainCell } from './cell.ts';
import { headOf } from './header.ts';
import { headerKey } from './header-key.ts';
import type { Table } from './table.ts';

interface Stranger {
  /** What the file is, in words. */
  readonly what: string;
  /** Headers that it has, all of them in one row. */
  readonly has: readonly string[];
}

let strangers: readonly Stranger[] | null = null;

/** What the file is, when it is a kind that is known and no ad report; else null. */
export function strangerIn(table: Table): string | null {
  strangers ??= JSON.parse(
    readFileSync(join(CHECKOUT, 'src', 'imports', 'strangers.json'), 'utf8'),
  ) as readonly Stranger[];
  for (const cells of headOf(table)) {
    const keys = new Set(cells.map((cell) => headerKey(plainCell(cell)).key));
    const found = strangers.find(({ has }) => has.every((name) => keys.has(name)));
    if (found !== undefined) return found.what;
  }
  return null;
}
