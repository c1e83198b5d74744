import fc from 'fast-check';
import { type Draw, damaged, pick } from '../helpers/hostile-page.ts';

/** Longest input that is made; what takes longer to read than its length allows shows all the same. */
const MOST_BYTES = 64_000;

/** Values of any shape, the same for every run, to be put where something else was expected. */
const VALUES: readonly unknown[] = [
  ...fc.sample(fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), { seed: 7, numRuns: 200 }),
  ...['', ' ', '0', '-0', '1e999', '00012', '9'.repeat(400), 'NaN', 'null', '\u0000', '\ud800'],
  ...['2026-02-30', '2026-10-29', '9999-12-31', '-000001-01-01', '=1+1', '__proto__', '../../x'],
  ...[0, -1, 2 ** 53, 1e308, true, null, [], {}, [[[[[[]]]]]], { constructor: { prototype: 1 } }],
];

const NAMES = [
  'id',
  'date_start',
  '__proto__',
  'constructor',
  'toString',
  '',
  'data',
  'actions',
  'é',
];

/** The value with one to three of its parts replaced, left out, repeated, renamed or nested. */
export function mutatedJson(draw: Draw, value: unknown): unknown {
  let made = value;
  for (let count = 1 + draw(3); count > 0; count--) made = changed(draw, made, 0);
  return made;
}

const DEEPEST = 12;

function changed(draw: Draw, value: unknown, depth: number): unknown {
  const isLeaf = typeof value !== 'object' || value === null || depth > DEEPEST;
  if (isLeaf || draw(6) === 0) return replaced(draw, value);
  if (Array.isArray(value)) return changedList(draw, value, depth);
  return changedObject(draw, value as Readonly<Record<string, unknown>>, depth);
}

function replaced(draw: Draw, value: unknown): unknown {
  if (draw(8) === 0) return nested(value, 1 + draw(200));
  if (typeof value === 'string' && draw(2) === 0)
    return mutatedBytes(draw, Buffer.from(value)).toString();
  return pick(draw, VALUES);
}

function nested(value: unknown, depth: number): unknown {
  let made = value;
  for (let count = 0; count < depth; count++) made = count % 2 === 0 ? [made] : { data: made };
  return made;
}

function changedList(draw: Draw, list: readonly unknown[], depth: number): readonly unknown[] {
  const at = draw(list.length + 1);
  const kind = draw(5);
  if (kind === 0) return [...list.slice(0, at), ...list.slice(at + 1)];
  if (kind === 1) return [...list.slice(0, at), pick(draw, VALUES), ...list.slice(at)];
  if (kind === 2) return [...list, ...list];
  return list.map((one, index) => (index === at ? changed(draw, one, depth + 1) : one));
}

function changedObject(
  draw: Draw,
  object: Readonly<Record<string, unknown>>,
  depth: number,
): unknown {
  const entries = Object.entries(object);
  const at = draw(entries.length + 1);
  const [name = 'new', value] = entries[at] ?? [];
  const others = entries.filter((_, index) => index !== at);
  const kind = draw(6);
  if (kind === 0) return Object.fromEntries(others);
  if (kind === 1) return Object.fromEntries([...others, [pick(draw, NAMES), value]]);
  if (kind === 2) return Object.fromEntries([...entries, [pick(draw, NAMES), pick(draw, VALUES)]]);
  return Object.fromEntries([...others, [name, changed(draw, value, depth + 1)]]);
}

/** The bytes damaged, in another encoding, cut, repeated, or with something foreign in them. */
export function mutatedBytes(draw: Draw, bytes: Buffer): Buffer {
  let made = bytes.length === 0 ? Buffer.from('x') : bytes;
  for (let count = 1 + draw(2); count > 0 && made.length > 0; count--) {
    made = pick(draw, WAYS)(draw, made).subarray(0, MOST_BYTES);
  }
  return made;
}

type Way = (draw: Draw, bytes: Buffer) => Buffer;

const WAYS: readonly Way[] = [
  damaged,
  damaged,
  (draw, bytes) => bytes.subarray(0, draw(bytes.length + 1)),
  (draw, bytes) => bytes.subarray(draw(bytes.length + 1)),
  (_, bytes) => Buffer.concat([bytes, bytes]),
  (draw, bytes) => spliced(draw, bytes, Buffer.from(pick(draw, FOREIGN), 'latin1')),
  (draw, bytes) => spliced(draw, bytes, Buffer.alloc(1 + draw(5000), pick(draw, FILLERS))),
  (_, bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (_, bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
  (_, bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  (_, bytes) => Buffer.from(bytes.toString('utf8').replaceAll('\n', '\r\n')),
  (_, bytes) => Buffer.from(bytes.toString('utf8').replaceAll(',', ';')),
  (draw, bytes) => swapped(draw, bytes),
];

const FOREIGN = [
  '\u0000',
  '\u00ff\u00fe',
  '\u00c0\u0080',
  '\u00ed\u00a0\u0080',
  '"',
  '""',
  '\\',
  '\r',
  '{"data":',
  '[[[[',
  '1e400',
  '\u001b[2J',
  '<!DOCTYPE',
];
const FILLERS = ['[', '{"a":', '"', '0', ',', '\n', ' ', '\\'];

function spliced(draw: Draw, bytes: Buffer, into: Buffer): Buffer {
  const at = draw(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), into, bytes.subarray(at)]);
}

function swapped(draw: Draw, bytes: Buffer): Buffer {
  const [left = 0, right = 0] = [draw(bytes.length + 1), draw(bytes.length + 1)].sort(
    (a, b) => a - b,
  );
  return Buffer.concat([
    bytes.subarray(right),
    bytes.subarray(left, right),
    bytes.subarray(0, left),
  ]);
}
