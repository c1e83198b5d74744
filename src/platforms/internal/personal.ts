import { createHash, createHmac } from 'node:crypto';
import type { Salt } from './salt.ts';

/** What a person is known by in a file. */
export type PersonKind = 'email' | 'phone' | 'key';

/**
 * What is personal in internal files, and what becomes of it when a file is landed. Everything a
 * mapping does not name is dropped too, whatever it is: this list is for the reader, not the guard.
 */
export const PERSONAL_DATA: ReadonlyArray<readonly [what: string, fate: string]> = [
  ['e-mail address', 'hashed with the salt of the lake: the key of the person'],
  ['telephone number', 'hashed likewise when there is no e-mail address, else dropped'],
  ['customer id, customer key', 'hashed likewise when there is neither, else dropped'],
  ['name, company, postal address', 'dropped'],
  ['IP address, device, user agent', 'dropped'],
  ['notes, articles, payment details, every column that no mapping names', 'dropped'],
];

/**
 * The key of a person: HMAC-SHA-256 of what they are known by, with the salt of the lake, as 64 hex
 * digits. An e-mail address counts in lower case without white space around, a telephone number by
 * its digits. Null when nothing is left of `value`.
 */
export function personKey(salt: Salt, kind: PersonKind, value: string): string | null {
  const plain = plainPerson(kind, value);
  return plain === '' ? null : keyed(salt, plain);
}

/**
 * Every key that a person named `value` may have in the lake, whichever kind of name it is, and also
 * when a file had the SHA-256 of the name instead of the name (as audiences are uploaded).
 */
export function keysOfPerson(salt: Salt, value: string): readonly string[] {
  const kinds: readonly PersonKind[] = LOOKS_LIKE_PHONE.test(value) ? ['key', 'phone'] : ['key'];
  const plain = kinds.map((kind) => plainPerson(kind, value)).filter((text) => text !== '');
  const hashed = plain.map((text) =>
    createHash('sha256')
      .update(text.slice(text.indexOf(':') + 1))
      .digest('hex'),
  );
  return [...new Set([...plain, ...hashed].map((text) => keyed(salt, text)))];
}

/** True for a key as the lake's tables show it. */
export function isPersonKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * Text without e-mail addresses, IP addresses and long telephone numbers, for columns that a person
 * may have typed anything into (a campaign, a UTM field). Names cannot be told from other words.
 */
export function cutPersonal(text: string): string {
  return text.replace(EMAIL, CUT).replace(IP_V4, CUT).replace(IP_V6, CUT).replace(PHONE, CUT);
}

const LOOKS_LIKE_PHONE = /^[\d\s()+./'-]{7,}$/;
const CUT = '[removed]';
const EMAIL = /[^\s@<>"',;:=&?/]+(?:@|%40)[^\s@<>"',;:=&?/]+\.[^\s@<>"',;:=&?/]{2,}/giu;
const IP_V4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
const IP_V6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})(?![\w:])/gi;
/** A plus sign or two zeros, then a country and at least seven more digits. */
const PHONE = /(?<!\w)(?:\+|00)[1-9]\d{0,2}[\s()./-]*\d(?:[\s()./-]*\d){6,}/g;

/** The digits of a telephone number must not meet a customer id of the same digits: hence `tel:`. */
function plainPerson(kind: PersonKind, value: string): string {
  const text = value.normalize('NFKC').trim().toLowerCase();
  if (kind !== 'phone') return text;
  const digits = text.replaceAll(/\D/g, '').replace(/^00/, '');
  return digits === '' ? '' : `tel:${digits}`;
}

function keyed(salt: Salt, plain: string): string {
  return createHmac('sha256', salt.bytes).update(plain).digest('hex');
}
