import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../../checkout.ts';

/**
 * How the files of one origin are read, as a file in `mappings/` says it. A new kind of file needs a
 * mapping and no code. Columns that a mapping does not name are dropped when a file is landed.
 */
export interface Mapping {
  /** What a file of this kind is called in messages. */
  readonly title: string;
  readonly dataset: string;
  /** The `source` of its records where the file has no column for it. */
  readonly source: string;
  /** Columns that only such files have together; capitals and white space around do not count. */
  readonly recognised_by: readonly string[];
  /** Names that a column of the file may have, by field of the record; the first with a value counts. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns that say who it was, best first: they become one key, and nothing of them is kept. */
  readonly person?: Partial<Readonly<Record<'email' | 'phone' | 'key', readonly string[]>>>;
  /** What values of a field mean; a value that is not named means nothing and is dropped. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The time zone of times without an offset, where this kind of file has always the same. */
  readonly timezone?: string;
  /** A row that repeats a key and has no such field goes on with the row before (one more article). */
  readonly continued?: { readonly same: string; readonly without: string };
  /** Values of `status` (lower case) with which nothing has been sold. */
  readonly not_sold?: readonly string[];
}

const FOLDER = join(CHECKOUT, 'src/platforms/internal/mappings');

let known: readonly Mapping[] | null = null;

/** Every mapping of internal files, in the order of their file names. */
export function internalMappings(): readonly Mapping[] {
  known ??= readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Mapping);
  return known;
}

/**
 * The mappings that fit a file with these column names: those with most columns to recognise it by.
 * None: the file is no internal one. Several: it cannot be told, and a person must say it.
 */
export function mappingsFor(headers: readonly string[]): readonly Mapping[] {
  const present = new Set(headers.map(plainName));
  const fitting = internalMappings().filter((mapping) =>
    mapping.recognised_by.every((name) => present.has(plainName(name))),
  );
  const most = Math.max(0, ...fitting.map((mapping) => mapping.recognised_by.length));
  return fitting.filter((mapping) => mapping.recognised_by.length === most);
}

/** A column name without capitals and without white space around it. */
export function plainName(name: string): string {
  return name
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase();
}
