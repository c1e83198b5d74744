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

/** One name of a `fields` list, with the names in braces behind it. */
export interface FieldName {
  readonly name: string;
  readonly inner: readonly string[];
}

/** Reads `fields=id,creative{id,name}`; one level of braces is understood. */
export function parseFields(text: string): readonly FieldName[] {
  const parts = text.match(/[^,{}]+(\{[^{}]*\})?/g) ?? [];
  return parts
    .map((part) => {
      const [name = '', inner = ''] = part.split('{');
      const names = inner.replace('}', '').split(',');
      return { name: name.trim(), inner: names.map((field) => field.trim()).filter(Boolean) };
    })
    .filter((field) => field.name !== '');
}
