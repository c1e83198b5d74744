import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AdlakeError } from './errors.ts';
import type { Lake } from './zone.ts';

/**
 * Makes the lake's home if it is not there. Throws `DISK` when that cannot be, or when something that
 * is no folder has its name.
 */
export function makeHome(lake: Lake): void {
  try {
    makeFolder(lake.home);
  } catch (cause) {
    throw new AdlakeError({
      code: 'DISK',
      message: `The lake's home must be a folder, and ${lake.home} is none and cannot be made: ${cause instanceof Error ? cause.message : cause}.`,
      remedy: 'Choose another folder with --lake or PROJECT_ROOT, or change its permissions.',
      cause,
    });
  }
}

/** One level at a time: Node's own recursion never ends where the system allows no folders (/proc). */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error('it is a file');
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}
