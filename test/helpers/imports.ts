import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readImport } from '../../src/imports/read-import.ts';
import type { ToldOfFile } from '../../src/imports/told.ts';
import { type Understanding, understand } from '../../src/imports/understand.ts';

/** Nothing is said of a file but what it says itself. */
export const NOTHING_TOLD: ToldOfFile = {
  as: null,
  account: null,
  currency: null,
  timezone: null,
  locale: null,
  mapping: null,
  since: null,
  until: null,
  exportedOn: '2026-11-20',
};

/** What is understood of a file of these bytes. */
export function understood(
  content: string | Buffer,
  told: Partial<ToldOfFile> = {},
  name = 'export.csv',
): Understanding {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return understand({ name, bytes, writtenOn: '2026-11-20' }, { ...NOTHING_TOLD, ...told });
}

/** The records of all accounts of a file. */
export function recordsOf(file: Understanding): readonly Readonly<Record<string, unknown>>[] {
  return file.accounts.flatMap(({ reading }) =>
    readImport(reading, file.file.bytes).map(({ text }) => JSON.parse(text) as object),
  ) as readonly Readonly<Record<string, unknown>>[];
}

/** The records of a file. */
export function imported(
  content: string | Buffer,
  told: Partial<ToldOfFile> = {},
): readonly Readonly<Record<string, unknown>>[] {
  return recordsOf(understood(content, told));
}

const FIXTURES = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));

/** True when the shared fixtures are beside the project. */
export const HAS_FIXTURES = existsSync(FIXTURES);

/** Path of a shared fixture. */
export function fixture(path: string): string {
  return `${FIXTURES}/${path}`;
}

/** Bytes of a shared fixture. */
export function fixtureBytes(path: string): Buffer {
  return readFileSync(fixture(path));
}
