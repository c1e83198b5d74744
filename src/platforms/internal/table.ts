import { parse } from 'csv-parse/sync';
import { AdlakeError } from '../../errors.ts';
import { readIfThere } from '../../file.ts';

/** A file that somebody exported, as columns and rows of text. */
export interface Table {
  readonly headers: readonly string[];
  /** Rows by header; a cell that is not there or empty is missing. */
  readonly rows: ReadonlyArray<ReadonlyMap<string, string>>;
}

/** One file is read into memory as a whole; a larger one must be split by whoever exports it. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Reads a CSV (comma, semicolon or tab, UTF-8 or UTF-16, a byte order mark or none) or a JSON file (a
 * list of objects, `{"data":[…]}`, or one object per line). Nothing of its content gets into an error.
 * Throws `FILE_UNREADABLE`.
 */
export function readTable(path: string): Table {
  const bytes = readIfThere(path);
  if (bytes === null) throw unreadable(path, 'there is no such file', 'Check the path.');
  if (bytes.length > MAX_FILE_BYTES) {
    throw unreadable(path, 'it is larger than 256 MB', 'Export fewer days at a time.');
  }
  const text = decoded(bytes);
  if (text === null) {
    throw unreadable(path, 'it is no text in UTF-8 or UTF-16', 'Export it as CSV in UTF-8.');
  }
  return /^\s*[[{]/.test(text) ? readJson(path, text) : readCsv(path, text);
}

function decoded(bytes: Buffer): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function readCsv(path: string, text: string): Table {
  const delimiter = delimiterOf(/^[^\r\n]*/.exec(text)?.[0] ?? '');
  let lines: readonly (readonly string[])[];
  try {
    lines = parse(text, { delimiter, relax_column_count_less: true });
  } catch {
    throw unreadable(path, 'its rows are not CSV, or not all of one width', 'Export it again.');
  }
  const [headers = [], ...rows] = lines;
  return { headers, rows: rows.map((cells) => rowOf(headers, cells)) };
}

/** What separates the cells of a line of column names: whichever of comma, semicolon and tab is there most. */
export function delimiterOf(line: string): string {
  const [most = ','] = [',', ';', '\t'].sort(
    (left, right) => line.split(right).length - line.split(left).length,
  );
  return most;
}

function rowOf(headers: readonly string[], cells: readonly string[]): ReadonlyMap<string, string> {
  const row = new Map<string, string>();
  for (const [index, header] of headers.entries()) {
    const cell = cells[index]?.trim() ?? '';
    if (cell !== '' && !row.has(header)) row.set(header, cell);
  }
  return row;
}

function readJson(path: string, text: string): Table {
  const objects = objectsIn(text);
  if (objects === null) {
    throw unreadable(path, 'its JSON is not a list of objects', 'Write one object per record.');
  }
  const headers = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const rows = objects.map(
    (object) =>
      new Map(
        Object.entries(object).flatMap(([name, value]) => {
          const cell = cellOf(value);
          return cell === '' ? [] : [[name, cell] as const];
        }),
      ),
  );
  return { headers, rows };
}

type Plain = Readonly<Record<string, unknown>>;

function objectsIn(text: string): readonly Plain[] | null {
  const values = parsed(text) ?? text.split('\n').filter(hasContent).map(parsed);
  const data = isPlain(values) && Array.isArray(values.data) ? values.data : values;
  const list: readonly unknown[] = Array.isArray(data) ? data : [data];
  return list.every(isPlain) ? list : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function hasContent(text: string): boolean {
  return text.trim() !== '';
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects and lists in a record are not read: what they hold has no name here. */
function cellOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function unreadable(path: string, why: string, remedy: string): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${path} cannot be read: ${why}.`,
    remedy: `${remedy} Nothing was landed.`,
  });
}
