import { decimalsOf } from '../../amount.ts';
import type { AnswerColumn } from '../figures.ts';

/** How the cells of a column are written: as text, as a day, or as a number that is shown in a format. */
export type CellKind =
  | 'text'
  | 'day'
  | 'truth'
  | 'money'
  | 'usd'
  | 'ratio'
  | 'share'
  | 'count'
  | 'number';

/**
 * What a column holds, by its type and name. Text stays text: ids too. `money` is in the currency of the
 * row's account; `usd` in US dollars; `number` is shown as it comes.
 */
export function kindOf({ name, type }: AnswerColumn): CellKind {
  if (type === 'VARCHAR') return 'text';
  if (type === 'DATE') return 'day';
  if (type === 'BOOLEAN') return 'truth';
  if (MIXED.test(name)) return 'number';
  if (SHARE.test(name)) return 'share';
  if (/_usd$|^new_customer_cac$/.test(name)) return 'usd';
  if (RATIO.test(name)) return 'ratio';
  return MONEY.test(name) ? 'money' : 'count';
}

/** Figures of several metrics in one column: shown with all the decimals that they have. */
const MIXED = /^(figure|usual_\w+|predicted|actual|error|bias|spread)$/;
const SHARE = /(^|_)(share|ctr|cvr|rate)(_|$)/;
const RATIO = /(^|_)(roas|mer|index|efficiency|elasticity|score|z)(_|$)/;
const MONEY = /(^|_)(spend|value|cpa|cpc|cpm|aov|budget|revenue|amount|cost)(_|$)/;

/** A column's name as a heading: `purchase_value_7d_click` becomes `Purchase value 7d click`. */
export function headOf(name: string): string {
  const words = name.split('_').map((word) => (SHORT.has(word) ? word.toUpperCase() : word));
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const SHORT: ReadonlySet<string> = new Set([
  'roas',
  'ctr',
  'cpa',
  'cpc',
  'cpm',
  'cvr',
  'aov',
  'cac',
  'usd',
  'mer',
  'id',
]);

/** The format code that a spreadsheet shows a kind of number in; null: as it comes. */
export function formatOf(kind: CellKind, currency: string): string | null {
  switch (kind) {
    case 'day':
      return 'yyyy-mm-dd';
    case 'money':
      return withDecimals(decimalsOf(currency) ?? 2);
    case 'usd':
    case 'ratio':
      return withDecimals(2);
    case 'share':
      return '0.00%';
    case 'count':
      return '#,##0.##';
    default:
      return null;
  }
}

function withDecimals(decimals: number): string {
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
}
