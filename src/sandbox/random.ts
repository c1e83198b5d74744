/**
 * Seeded draws without state: the same inputs give the same number for ever, so an answer can be a
 * pure function of the request. The mixing steps are those of MurmurHash3's finalizer.
 */

/** A 32-bit starting point for draws, made from any text. */
export type Salt = number;

const GOLDEN = 0x9e3779b1;
const TWO_TO_32 = 4294967296;

/** Gives the salt of a text: equal texts, equal salts. */
export function saltOf(text: string): Salt {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(hash, text.length);
}

/** Stirs a whole number into a salt. */
export function mix(salt: Salt, value: number): Salt {
  let hash = Math.imul((salt ^ value) + 0x7f4a7c15, GOLDEN);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae3d);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number from 0 (inclusive) to 1 (exclusive), even, chosen by the salt and two whole numbers. */
export function uniform(salt: Salt, a: number, b = 0): number {
  return mix(mix(salt, a), b) / TWO_TO_32;
}

/** A whole number from `low` to `high`, both inclusive. */
export function between(draw: number, low: number, high: number): number {
  return low + Math.floor(draw * (high - low + 1));
}

/** Rounds to one of the two neighbouring whole numbers, so that the mean over many draws is kept. */
export function roundBy(value: number, draw: number): number {
  return Math.floor(value + draw);
}

/** The item of a list that a draw from 0 to 1 falls on. Throws when the list is empty. */
export function pick<T>(items: readonly T[], draw: number): T {
  const item = items[Math.floor(draw * items.length)];
  if (item === undefined) throw new RangeError('Expected a list with at least one item.');
  return item;
}

/** The first index whose running total is above the draw; totals rise to 1. */
export function indexOf(totals: ArrayLike<number>, draw: number): number {
  for (let index = 0; index < totals.length; index++) {
    if (draw < (totals[index] ?? 1)) return index;
  }
  return totals.length - 1;
}

/** `length` decimal digits chosen by the salt, as text; they may start with 0. */
export function digits(salt: Salt, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    text += String(mix(mix(salt, part), 0x1d))
      .padStart(10, '0')
      .slice(-6);
  }
  return text.slice(0, length);
}
