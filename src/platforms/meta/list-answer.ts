import { endOfPart, endOfSpace, NO, SIGN } from '../../pull/json-bytes.ts';
import { idsIn } from './lost/seen-objects.ts';

/**
 * A page of a list (`{"data":[…],"paging":…}`) parsed, with no more of a row than the ids of the objects
 * it is about. Every row is parsed by itself and let go: a page of 500 insights is 2 MB, its text and
 * objects all at once are ten. Null for everything else, which is for `JSON.parse` to judge: errors,
 * single objects, and what is no whole JSON. Never throws.
 */
export function readList(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const members = membersOf(bytes);
    const isList =
      members !== null && Array.isArray(members.data) && !Object.hasOwn(members, 'error');
    return isList ? members : null;
  } catch {
    return null;
  }
}

function membersOf(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  const members: (readonly [string, unknown])[] = [];
  let at = endOfSpace(bytes, 0);
  if (bytes[at] !== SIGN.openBrace) return null;
  do {
    const from = endOfSpace(bytes, at + 1);
    const member = dataAt(bytes, from) ?? memberAt(bytes, from);
    if (member === null) return null;
    members.push([member.name, member.value]);
    at = endOfSpace(bytes, member.end);
  } while (bytes[at] === SIGN.comma);
  const isWhole = bytes[at] === SIGN.closeBrace && endOfSpace(bytes, at + 1) === bytes.length;
  return isWhole ? Object.fromEntries(members) : null;
}

interface Member {
  readonly name: string;
  readonly value: unknown;
  /** The place behind it. */
  readonly end: number;
}

/** Any member, parsed. Throws when it is no JSON. */
function memberAt(bytes: Buffer, from: number): Member | null {
  const end = endOfPart(bytes, from);
  if (end === NO) return null;
  const parsed = JSON.parse(`{${bytes.toString('utf8', from, end)}}`) as object;
  const [entry] = Object.entries(parsed);
  return entry === undefined ? null : { name: entry[0], value: entry[1], end };
}

const DATA = Buffer.from('"data"');

/** The rows, cut to their ids; null when there stands something else. Throws when a row is no JSON. */
function dataAt(bytes: Buffer, from: number): Member | null {
  if (bytes.compare(DATA, 0, DATA.length, from, from + DATA.length) !== 0) return null;
  const colon = endOfSpace(bytes, from + DATA.length);
  const open = endOfSpace(bytes, colon + 1);
  if (bytes[colon] !== SIGN.colon || bytes[open] !== SIGN.openBracket) return null;
  const first = endOfSpace(bytes, open + 1);
  if (bytes[first] === SIGN.closeBracket) return { name: 'data', value: [], end: first + 1 };
  const value: object[] = [];
  for (let at = first; ; ) {
    const end = endOfPart(bytes, at);
    if (end === NO) return null;
    value.push(idsIn(JSON.parse(bytes.toString('utf8', at, end))));
    if (bytes[end] === SIGN.closeBracket) return { name: 'data', value, end: end + 1 };
    if (bytes[end] !== SIGN.comma) return null;
    at = end + 1;
  }
}
