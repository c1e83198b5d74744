import type { Cell } from '../csv.ts';
import type { Lineage } from '../fold/lineage.ts';

/**
 * A row of staging by column. Money, conversions and other decimals are decimal text; ids and counts
 * from a platform are text of digits; null is not 0.
 */
export type StagingRow = Readonly<Record<string, Cell>>;

/** A raw record with where it came from. */
export interface RawRecord {
  /** The record, parsed. Numbers in it may have lost digits: see `text`. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The record's own JSON text, minified. */
  readonly text: string;
  readonly lineage: Lineage;
  /** Account of the partition, digits without `act_`, or `all`. */
  readonly accountId: string;
}

/**
 * Turns one raw record into its staging rows: one for most datasets, several or none where a record
 * holds a list. Pure; what does not fit is left as it is, for the staging contract to refuse.
 */
export type Transform = (raw: RawRecord) => readonly StagingRow[];

/** The record's own text under `name`, or null when it is absent or no text. */
export function textOf(record: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = record[name];
  return typeof value === 'string' ? value : null;
}

/**
 * Like `textOf`, with whole numbers written out: for fields that come as either. A number too large
 * to be read exactly gets an exponent, so that a contract of digits refuses it instead of keeping a
 * figure that nobody sent.
 */
export function digitsOf(record: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = record[name];
  if (typeof value !== 'number') return textOf(record, name);
  return Number.isSafeInteger(value) ? String(value) : value.toExponential();
}

/** The object under `name`, or an empty one. */
export function objectOf(
  record: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = record[name];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

/** What the batch knows, or null where it says nothing. */
export function knownOr(value: string): string | null {
  return value === '' ? null : value;
}
