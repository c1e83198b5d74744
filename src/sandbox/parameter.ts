import { parseDay, unixOf } from './calendar.ts';
import { invalid } from './graph-error.ts';

/** Reads a JSON parameter. Throws a `GraphError` (100) when it is not JSON. */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`Param ${name} must be valid JSON, found: ${text.slice(0, 80)}`);
  }
}

/** Reads a list parameter: a JSON list of scalars, or names with commas between. */
export function parseList(name: string, text: string): readonly string[] {
  if (!text.trim().startsWith('[')) {
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  const value = parseJson(name, text);
  if (!Array.isArray(value)) throw invalid(`Param ${name} must be an array.`);
  return value.map(String);
}

/** Reads a whole number of at least 1. Throws a `GraphError` (100) for anything else. */
export function parseCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) {
    throw invalid(`Param ${name} must be a positive integer, found: ${text.slice(0, 80)}`);
  }
  return Number(text);
}

/**
 * Reads a time: unix seconds, or a `YYYY-MM-DD` day at a second of it in a time zone; undefined when
 * there is none. Throws a `GraphError` (100) for anything else.
 */
export function parseDayOrUnix(
  name: string,
  text: string | null,
  on: { readonly zone: string; readonly second: number },
): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const day = parseDay(text);
  if (day !== undefined) return unixOf({ ...on, day });
  throw invalid(`Param ${name} must be unix seconds or a day as YYYY-MM-DD.`);
}

/** One name of a `fields` list, such as `adsets.limit(5){id,name}`. */
export interface FieldName {
  readonly name: string;
  /** What stands in `.name(value)` behind it: parameters of the list that it names. */
  readonly args: readonly (readonly [name: string, value: string])[];
  /** The list in braces as it was written; empty without braces. */
  readonly inner: string;
}

/** Reads `fields=id,creative{id,name},insights.date_preset(maximum){spend}`. */
export function parseFields(text: string): readonly FieldName[] {
  return topLevelParts(text)
    .map(fieldOf)
    .filter((field) => field.name !== '');
}

function fieldOf(part: string): FieldName {
  const [, head = '', inner = ''] = /^([^{(]*(?:\([^)]*\)[^{(]*)*)(?:\{(.*)\})?$/s.exec(part) ?? [];
  const [name = ''] = head.split(/[.(]/, 1);
  const args = [...head.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(
    ([, arg = '', value = '']) => [arg, value] as const,
  );
  return { name: name.trim(), args, inner };
}

/** Cuts a list at the commas that stand in no bracket. */
function topLevelParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let place = 0; place < text.length; place++) {
    const sign = text[place] ?? '';
    if ('({['.includes(sign)) depth += 1;
    if (')}]'.includes(sign)) depth -= 1;
    if (sign !== ',' || depth > 0) continue;
    parts.push(text.slice(from, place));
    from = place + 1;
  }
  return [...parts, text.slice(from)];
}
