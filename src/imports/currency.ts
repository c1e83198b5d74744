import { FIELDS, isAdditive } from './fields.ts';
import type { HeaderRow } from './header.ts';
import { isCurrency } from './header-key.ts';
import { refusal } from './refusal.ts';
import type { Survey } from './survey.ts';
import type { Table } from './table.ts';

/** Signs that belong to one currency alone. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/€/, 'EUR'],
  [/£/, 'GBP'],
  [/₹/, 'INR'],
  [/₩/, 'KRW'],
  [/₫/, 'VND'],
  [/₺/, 'TRY'],
  [/₽/, 'RUB'],
  [/₴/, 'UAH'],
  [/฿/, 'THB'],
  [/₪/, 'ILS'],
  [/₱/, 'PHP'],
  [/zł/, 'PLN'],
  [/R\$/, 'BRL'],
  [/Rp/, 'IDR'],
  [/US\$/, 'USD'],
];

/**
 * The currency of a file: of its column, its headers (`Amount spent (EUR)`), or signs in its cells.
 * Null when rows have several (each row says its own) or nobody says. Throws `IMPORT_REFUSED` when the
 * file contradicts itself or what was told.
 */
export function currencyOf(
  header: HeaderRow,
  from: { readonly seen: Survey; readonly table: Table; readonly told: string | null },
): string | null {
  const { seen, told } = from;
  const inCells = [...seen.currencies].filter(isCurrency);
  if (inCells.length > 1 && told === null) return null;
  const inHeaders = [...new Set(header.columns.flatMap(({ currency }) => currency ?? []))];
  if (inHeaders.length > 1) {
    throw refusal(
      `The headers name several currencies: ${inHeaders.join(', ')}.`,
      'Export one account at a time, or with the currency as a column.',
    );
  }
  const found = inCells[0] ?? inHeaders[0] ?? signIn(header, from.table);
  if (told === null || found === null || found === told) return told ?? found;
  throw refusal(
    `The file is in ${found}, but --currency says ${told}.`,
    'Leave --currency out: the file says it.',
  );
}

/** Rows looked at for the sign of a currency. */
const PROBE_ROWS = 50;

function signIn(header: HeaderRow, table: Table): string | null {
  const columns = header.columns.flatMap(({ meaning }, at) => {
    const field = meaning?.field ?? null;
    return field !== null && isAdditive(FIELDS[field]) ? [at] : [];
  });
  let row = 0;
  for (const cells of table()) {
    if (++row <= header.row) continue;
    if (row > header.row + PROBE_ROWS) return null;
    for (const at of columns) {
      const sign = SIGNS.find(([form]) => form.test(cells[at] ?? ''));
      if (sign !== undefined) return sign[1];
    }
  }
  return null;
}
