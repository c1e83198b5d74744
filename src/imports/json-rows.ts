import { decimalOf, exact } from './cell.ts';
import { refusal } from './refusal.ts';

/** Rows of a JSON file: the paths of their values are the headers. */
export interface JsonRows {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Json = string | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const NUMBER_OR_STRING = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON, or one JSON object per line, without rounding a number: each becomes an exact cell.
 * Throws `IMPORT_REFUSED`.
 */
export function parseJson(text: string): Json {
  const quoted = text.replaceAll(NUMBER_OR_STRING, (found) =>
    found.startsWith('"') ? found : JSON.stringify(exact(decimalOf(found) ?? found)),
  );
  const whole = parsed(quoted);
  if (whole !== undefined) return whole;
  const lines = quoted.split('\n').filter((line) => line.trim() !== '');
  const each = lines.map(parsed);
  if (lines.length > 1 && each.every((line) => line !== undefined)) return each as readonly Json[];
  throw refusal(
    'The file looks like JSON, but it is broken or cut short.',
    'Save the answer again, whole.',
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * The rows at `path`, in which `[]` stands for every element of a list and a name for a member:
 * `data.list[]`. Members of members are headers with a point between (`metrics.clicks`); what stands
 * beside a list that was gone through has `../` before it. Null when nothing lies there.
 */
export function jsonRows(value: Json, path: string): JsonRows | null {
  const found: ReadonlyMap<string, string>[] = [];
  collect(value, stepsOf(path), { above: new Map(), found });
  if (found.length === 0) return null;
  const headers = [...new Set(found.flatMap((row) => [...row.keys()]))];
  const rows = found.map((row) => headers.map((header) => row.get(header) ?? ''));
  return { headers, rows };
}

function stepsOf(path: string): readonly string[] {
  return path.split(/\.|(?=\[\])/).filter((step) => step !== '');
}

interface Search {
  /** Cells beside the lists gone through. */
  readonly above: ReadonlyMap<string, string>;
  readonly found: ReadonlyMap<string, string>[];
}

function collect(value: Json, steps: readonly string[], search: Search): void {
  const [step, ...rest] = steps;
  if (step === undefined) {
    if (isObject(value)) search.found.push(new Map([...search.above, ...cellsOf(value, '', [])]));
  } else if (step === '[]') {
    if (Array.isArray(value)) for (const one of value) collect(one, rest, search);
  } else if (isObject(value) && Object.hasOwn(value, step)) {
    const beside = scalarsOf(value).map(([name, cell]): [string, string] => [`../${name}`, cell]);
    collect(value[step] ?? null, rest, { ...search, above: new Map([...search.above, ...beside]) });
  }
}

function scalarsOf(object: { readonly [name: string]: Json }): readonly [string, string][] {
  return Object.entries(object).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' ? [] : [[name, cellOf(value)]],
  );
}

function cellsOf(
  object: { readonly [name: string]: Json },
  prefix: string,
  cells: [string, string][],
): readonly [string, string][] {
  for (const [name, value] of Object.entries(object)) {
    if (isObject(value)) cellsOf(value, `${prefix}${name}.`, cells);
    else cells.push([`${prefix}${name}`, cellOf(value)]);
  }
  return cells;
}

function cellOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  return JSON.stringify(value).replaceAll('\\u0001', '');
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
