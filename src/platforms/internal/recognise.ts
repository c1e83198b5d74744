import { parse } from 'csv-parse/sync';
import { type Mapping, mappingsFor } from './mapping.ts';
import { delimiterOf } from './table.ts';

/** The head of a file is enough to know its columns: exports of shops have fewer than 200. */
const HEAD_BYTES = 65_536;

/**
 * The mappings that fit the beginning of a file: by the first line of a CSV, or by the names of fields
 * in JSON. None when it is no text or no file of that kind. Reads no more than 64 KB of `bytes`.
 */
export function mappingsOfHead(bytes: Buffer): readonly Mapping[] {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, HEAD_BYTES));
  return mappingsFor(/^\s*[[{]/.test(text) ? jsonNames(text) : csvNames(text));
}

function jsonNames(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/"([\w .#()-]{1,60})"\s*:/g)].map(([, name = '']) => name))];
}

function csvNames(text: string): readonly string[] {
  const [line = ''] = text.split(/\r\n|\n|\r/, 1);
  try {
    const [names = []] = parse(line, { delimiter: delimiterOf(line) }) as readonly string[][];
    return names;
  } catch {
    return [];
  }
}
