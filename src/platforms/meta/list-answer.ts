import { endOfString, endOfValue, NO } from '../../fast/value.ts';
import { endOfPart, endOfSpace, SIGN } from '../../pull/json-bytes.ts';
import { ID_FIELDS, idsIn } from './lost/seen-objects.ts';

/**
 * A page of a list (`{"data":[…],"paging":…}`) parsed, with no more of a row than the ids of the objects
 * it is about. No text is made of more than a row: a page of 500 insights is 2 MB, its text and objects all
 * at once are ten. Null for everything else, which is for `JSON.parse` to judge: errors,
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value: object[] = [];
  for (let at = first; ; ) {
    const row = compactRow(bytes, view, at) ?? parsedRow(bytes, at);
    if (row === null) return null;
    value.push(row.ids);
    if (bytes[row.end] === SIGN.closeBracket) return { name: 'data', value, end: row.end + 1 };
    if (bytes[row.end] !== SIGN.comma) return null;
    at = row.end + 1;
  }
}

interface Row {
  readonly ids: Readonly<Record<string, unknown>>;
  /** The place behind it. */
  readonly end: number;
}

/**
 * A row without white space and without escapes in names, as platforms send them, looked through where it
 * lies, which takes a fourth of the time; null for any other, and for what is no JSON.
 */
function compactRow(bytes: Buffer, view: DataView, from: number): Row | null {
  if (bytes[from] !== SIGN.openBrace) return null;
  const ids: Record<string, unknown> = {};
  for (let at = from + 1; ; ) {
    const colon = endOfString(view, at);
    if (colon === NO || bytes[colon] !== SIGN.colon) return null;
    const end = endOfValue(view, colon + 1);
    if (end === NO || hasEscape(bytes, at, colon)) return null;
    const name = idField(bytes, at + 1, colon - 1);
    if (name !== undefined) ids[name] = JSON.parse(bytes.toString('utf8', colon + 1, end));
    if (bytes[end] === SIGN.closeBrace) return { ids, end: end + 1 };
    if (bytes[end] !== SIGN.comma) return null;
    at = end + 1;
  }
}

function hasEscape(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === SIGN.backslash) return true;
  return false;
}

/** The name that stands there, when it is one of those that are kept. */
function idField(bytes: Buffer, from: number, to: number): string | undefined {
  const length = to - from;
  if (!ID_FIELDS.some((field) => field.length === length)) return undefined;
  const name = bytes.toString('latin1', from, to);
  return ID_FIELDS.find((field) => field === name);
}

/** Any row. Throws when it is no JSON. */
function parsedRow(bytes: Buffer, from: number): Row | null {
  const end = endOfPart(bytes, from);
  return end === NO ? null : { ids: idsIn(JSON.parse(bytes.toString('utf8', from, end))), end };
}
