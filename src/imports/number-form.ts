import { decimalOf, exactOf } from './cell.ts';
import type { DecimalMark } from './reading.ts';

/** Cells that mean that there is nothing, in the exports of all platforms. */
const ABSENT = new Set(['', '-', '–', '—', '--', '—-', 'n/a', 'na', '#n/a', 'null', 'none', 'nan']);

/** True for a cell that means that there is nothing; that is not 0. */
export function isAbsent(cell: string): boolean {
  if (cell === '') return true;
  if (cell.length > 4) return cell.trim() === '';
  return ABSENT.has(cell.trim().toLowerCase());
}

/** What the cells of one column say about its decimal mark. */
export interface NumberEvidence {
  /** Cells that can only be read with a point, or only with a comma, before decimals. */
  point: number;
  comma: number;
  /** Cells that can be read either way, like 1,234. One of each is kept to be shown. */
  either: number;
  eitherPoint: string | null;
  eitherComma: string | null;
  /** One cell of each certain kind, to be shown. */
  pointCell: string | null;
  commaCell: string | null;
  /** Cells that are whole numbers or exact: they say nothing. */
  plain: number;
  /** Cells that are no numbers. */
  words: number;
}

/** Evidence of nothing, to be added to. */
export function noEvidence(): NumberEvidence {
  return {
    point: 0,
    comma: 0,
    either: 0,
    eitherPoint: null,
    eitherComma: null,
    pointCell: null,
    commaCell: null,
    plain: 0,
    words: 0,
  };
}

/** Adds one cell to the evidence. `isWhole`: the column counts things, so its cells have no decimals. */
export function weigh(evidence: NumberEvidence, cell: string, isWhole: boolean): void {
  if (PLAIN.test(cell) || exactOf(cell) !== null) {
    evidence.plain++;
    return;
  }
  if (PLAIN_POINT.test(cell)) {
    evidence.point++;
    evidence.pointCell ??= cell;
    return;
  }
  const body = bodyOf(cell);
  if (body === null) evidence.words++;
  else if (!/[.,]/.test(body)) evidence.plain++;
  else sort(evidence, { cell, mark: markOf(body, isWhole), body });
}

const PLAIN = /^\d+$/;
/** A point with one, two or more than three digits behind it: nothing but a decimal point. */
const PLAIN_POINT = /^\d{1,15}\.(?:\d{1,2}|\d{4,15})$/;

type Told = DecimalMark | 'either' | 'neither';

function sort(
  evidence: NumberEvidence,
  found: { readonly cell: string; readonly mark: Told; readonly body: string },
): void {
  if (found.mark === 'neither') evidence.words++;
  else if (found.mark === '.') {
    evidence.point++;
    evidence.pointCell ??= found.cell;
  } else if (found.mark === ',') {
    evidence.comma++;
    evidence.commaCell ??= found.cell;
  } else {
    evidence.either++;
    if (found.body.includes('.')) evidence.eitherPoint ??= found.cell;
    else evidence.eitherComma ??= found.cell;
  }
}

/** Digits with one or more groups behind them: of three, or of two before a last three (India). */
const GROUPS: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^\d{1,3}(\.\d{3})+$/,
  ',': /^(\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3})$/,
};

/** Which mark stands before the decimals of a number that has a mark. */
function markOf(body: string, isWhole: boolean): Told {
  const point = body.lastIndexOf('.');
  const comma = body.lastIndexOf(',');
  if (point !== -1 && comma !== -1) {
    const decimal = point > comma ? '.' : ',';
    return isWellFormed(body, decimal) ? decimal : 'neither';
  }
  const mark = point !== -1 ? '.' : ',';
  const other = mark === '.' ? ',' : '.';
  const isGrouped = GROUPS[mark].test(body.replaceAll(' ', ''));
  if (body.indexOf(mark) !== body.lastIndexOf(mark)) return isGrouped ? other : 'neither';
  if (body.includes(' ')) return isWellFormed(body, mark) ? mark : 'neither';
  if (!isGrouped || body.startsWith('0')) return isWellFormed(body, mark) ? mark : 'neither';
  return isWhole ? other : 'either';
}

/** What a number looks like with that mark before its decimals. Spaces part thousands in any of them. */
const FORMS: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^(\d+|\d{1,3}( \d{3})+|\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3})?(\.\d*)?$/,
  ',': /^(\d+|\d{1,3}( \d{3})+|\d{1,3}(\.\d{3})+)?(,\d*)?$/,
};

function isWellFormed(body: string, mark: DecimalMark): boolean {
  return /\d/.test(body) && FORMS[mark].test(body);
}

/**
 * Decimal text of a cell, with that mark before its decimals; null when it is no such number. Signs of
 * currencies and percent, spaces and apostrophes between thousands, brackets or a minus around or
 * behind a negative number are understood.
 */
export function decimalIn(cell: string, mark: DecimalMark): string | null {
  if (PLAIN.test(cell)) return cell.charCodeAt(0) === 48 ? decimalOf(cell) : cell;
  const known = exactOf(cell);
  if (known !== null) return known;
  if (mark === '.' && USUAL.test(cell)) return withoutZeros(cell);
  const body = bodyOf(cell);
  if (body === null) return exponentIn(cell, mark);
  if (!isWellFormed(body, mark)) return null;
  const text = body.replaceAll(mark === '.' ? /[, ]/g : /[. ]/g, '').replace(',', '.');
  const decimal = decimalOf(text);
  return decimal !== null && decimal !== '0' && isNegative(cell) ? `-${decimal}` : decimal;
}

/** Figures as most exports have them: a point, no thousands, no zeros to spare before. */
const USUAL = /^(?:0|[1-9]\d{0,15})\.\d{1,18}$/;
const ZERO = 48;
const POINT = 46;

function withoutZeros(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  if (text.charCodeAt(end - 1) === POINT) end--;
  return text.slice(0, end);
}

const EXPONENT = /^[+-]?\d+([.,]\d+)?[eE][+-]?\d{1,3}$/;

function exponentIn(cell: string, mark: DecimalMark): string | null {
  const text = cell.trim();
  if (!EXPONENT.test(text)) return null;
  return decimalOf(mark === ',' ? text.replace(',', '.') : text);
}

/** What may stand around the digits: signs and codes of currencies, and percent. */
const AROUND =
  /(?:[A-Z]{2,3}\$?|\p{Sc}|zł|kr\.?|Kč|Ft|лв\.?|грн\.?|руб\.?|р\.|₫|Rp|R\$|RM|S\/\.?|TL|%|٪|％)/gu;
const SPACES = /[\s\u00a0\u2007\u2009\u202f'’]/g;
const INVISIBLE = /[\u200e\u200f\u061c\u202a-\u202e\ufeff]/g;
const MINUS = /[-−‒–]/;

/** The digits and marks of a number, with single spaces between thousands; null when it is no number. */
function bodyOf(cell: string): string | null {
  const text = westernDigits(cell.replaceAll(INVISIBLE, '')).trim();
  const bare = text.replaceAll(AROUND, ' ').replaceAll(SPACES, ' ').trim();
  const inner = /^\((.*)\)$/.exec(bare)?.[1] ?? bare;
  const unsigned = inner
    .replace(/^[+\-−‒–] ?/, '')
    .replace(/ ?[-−]$/, '')
    .trim();
  return /^[\d.,]([\d., ]*[\d.,])?$/.test(unsigned) && /\d/.test(unsigned) ? unsigned : null;
}

function isNegative(cell: string): boolean {
  return MINUS.test(cell) || /^\s*\(.*\)\s*$/.test(cell);
}

/** Full-width and Arabic digits and marks as western ones. */
function westernDigits(text: string): string {
  if (!/[\u0660-\u066c\u06f0-\u06f9\uff0c-\uff19]/.test(text)) return text;
  return text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', ',');
}
