import { statSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, readIfThere, writeAtomically } from '../file.ts';
import type { OutputFile } from '../stage.ts';
import { cacheFile, type Lake } from '../zone.ts';

/** What tells whether files of a model are still those that were recorded. */
export interface FileChecks {
  /** True when the file has the bytes that it was recorded with. */
  readonly isAsRecorded: (file: OutputFile) => boolean;
  /** Remembers that these files have the bytes that they are recorded with, and forgets all others. */
  readonly remember: (files: readonly OutputFile[]) => void;
}

/**
 * A change within this time of another may leave a file with the same times, so of a file that was
 * written so recently nothing is remembered. Larger than the time step of any file system.
 */
const SETTLED_MILLISECONDS = 3000;

/**
 * Checks files of a model by their hash; a file whose inode, size and times are those that it had when
 * it was hashed last is not read again. What is remembered of them may be deleted at any time.
 */
export function fileChecks(lake: Lake, model: string): FileChecks {
  const path = cacheFile(lake, 'curated', 'files', `${model}.json`);
  const known = readMarks(path);
  return {
    isAsRecorded: (file) => {
      const absolute = join(lake.home, file.path);
      const mark = markOf(absolute);
      if (mark === null) return false;
      if (known.get(file.path) === `${file.sha256} ${mark}`) return true;
      const bytes = readIfThere(absolute);
      return bytes !== null && hashOf(bytes) === file.sha256;
    },
    remember: (files) => {
      const marks = files.flatMap((file) => {
        const mark = settledMark(join(lake.home, file.path));
        return mark === null ? [] : [[file.path, `${file.sha256} ${mark}`] as const];
      });
      if (isSame(marks, known)) return;
      writeAtomically(path, Buffer.from(JSON.stringify(marks)));
    },
  };
}

function isSame(
  marks: ReadonlyArray<readonly [string, string]>,
  known: ReadonlyMap<string, string>,
): boolean {
  return marks.length === known.size && marks.every(([path, mark]) => known.get(path) === mark);
}

function readMarks(path: string): ReadonlyMap<string, string> {
  try {
    return new Map(JSON.parse(readIfThere(path)?.toString('utf8') ?? '[]') as [string, string][]);
  } catch {
    return new Map();
  }
}

/** Inode, size and times of a file; null when it is not there. */
function markOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  return [found.ino, found.size, found.mtimeNs, found.ctimeNs].join('.');
}

function settledMark(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return Date.now() - Math.max(found.mtimeMs, found.ctimeMs) < SETTLED_MILLISECONDS
    ? null
    : markOf(path);
}
