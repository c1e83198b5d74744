/** Stands before a figure that needs no guessing: a number of a worksheet or of JSON. */
const EXACT = '\u0001';

/** Digits that a spreadsheet computes with: what it shows beyond them is noise of binary fractions. */
const SHEET_DIGITS = 15;

/**
 * A number of a worksheet as an exact cell: decimal text, rounded to the 15 digits a sheet has. A whole
 * number of more digits has lost its last ones, and is written so that this can be seen: 1.2E+17.
 */
export function exactCell(number: string): string {
  const text = decimalOf(number.trim());
  if (text === null) return number;
  const [whole = ''] = text.replace('-', '').split('.');
  if (whole.length <= SHEET_DIGITS) return `${EXACT}${toDigits(text, SHEET_DIGITS)}`;
  return `${whole.slice(0, 1)}.${whole.slice(1, SHEET_DIGITS)}E+${whole.length - 1}`;
}

/** Decimal text as an exact cell. */
export function exact(decimal: string): string {
  return `${EXACT}${decimal}`;
}

/** The decimal text of an exact cell, or null when it is a cell like any other. */
export function exactOf(cell: string): string | null {
  return cell.charCodeAt(0) === 1 ? cell.slice(1) : null;
}

/** The cell as text for people and for text columns. */
export function plainCell(cell: string): string {
  return cell.charCodeAt(0) === 1 ? cell.slice(1) : cell;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Plain decimal text of a number as programs write it: no sign +, no exponent, no zeros to spare.
 * Null when it is no number.
 */
export function decimalOf(text: string): string | null {
  const [, sign = '', whole = '', part = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '' && part === '') return null;
  const shift = Number(exponent);
  const digits = `${whole}${part}`;
  const point = whole.length + shift;
  const moved =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : `${digits.padEnd(point, '0').slice(0, point)}.${digits.slice(point)}`;
  return tidy(sign === '-' ? `-${moved}` : moved);
}

/** Without zeros to spare at either end, and without a sign before 0. */
function tidy(text: string): string {
  const [, sign = '', whole = '', part = ''] = /^(-?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  const digits = `${whole === '' ? '0' : whole}${part === '' ? '' : `.${part}`}`;
  return digits === '0' ? '0' : `${sign}${digits}`;
}

/** Rounded half up to so many digits that count; text with fewer stays as it is. */
function toDigits(text: string, most: number): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', part = ''] = text.slice(sign.length).split('.');
  const lead = whole === '0' ? (/^0*/.exec(part)?.[0].length ?? 0) : 0;
  const places = whole === '0' ? most + lead : Math.max(0, most - whole.length);
  if (part.length <= places) return text;
  const isUp = (part[places] ?? '0') >= '5';
  const kept = BigInt(`${whole}${part.slice(0, places)}`) + (isUp ? 1n : 0n);
  const digits = String(kept).padStart(places + 1, '0');
  const cut = digits.length - places;
  return tidy(`${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`);
}
