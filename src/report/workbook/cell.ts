import type { Json } from '@duckdb/node-api';
import { Temporal } from 'temporal-polyfill';
import type { CellKind } from './column.ts';

/** What a cell of a workbook holds; null is an empty cell. */
export type CellValue = string | number | boolean | null;

/**
 * A value of an answer as a cell. What is not known is an empty cell. Numbers and days are real ones;
 * a spreadsheet keeps numbers as 64-bit floats, so an amount of more than 15 digits is rounded there.
 * Text is text whatever it begins with: no cell is a formula.
 */
export function cellOf(value: Json | undefined, kind: CellKind): CellValue {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      return cellText(String(value));
    case 'day':
      return serialOf(String(value));
    case 'truth':
      return value === true;
    default:
      return numberOf(value);
  }
}

/** Not a number, or endless: nothing that a cell can hold. */
function numberOf(value: Json): number | null {
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Longest text that a cell can hold. Source: Excel specifications and limits. */
const MAX_LETTERS = 32_767;

/**
 * Text as a cell can hold it: without characters that XML has no place for, and with what a spreadsheet
 * would take for the code of a character (`_x0041_`, ECMA-376 part 1, 22.9.2.19) written so that it stays.
 */
export function cellText(text: string): string {
  return text
    .slice(0, MAX_LETTERS)
    .replaceAll(NOT_XML, '')
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

const NOT_XML = /[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu;

/** Day 0 of spreadsheets, so that 1900-03-01 is 61 as they have it. */
const DAY_ZERO = Temporal.PlainDate.from('1899-12-30');

/** The number by which spreadsheets know a day: 2026-01-01 is 46023. */
export function serialOf(day: string): number {
  return DAY_ZERO.until(Temporal.PlainDate.from(day.slice(0, 10)), { largestUnit: 'days' }).days;
}
