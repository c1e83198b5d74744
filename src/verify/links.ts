import { type Dirent, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AdlakeError } from '../errors.ts';
import type { Lake } from '../zone.ts';

/**
 * Refuses a lake with a link among the folders that are written to: what a run writes and removes would
 * be somewhere else. The lake itself may be reached through a link, and a link in the place of a single
 * file is harmless: a file is put in its place whole, and nothing is written through it. Looked at are
 * `zones` and `cache` down to the folders of accounts, which takes milliseconds, and the files that are
 * written in place (log, activity cache). Throws `DISK`.
 */
export function refuseLinks(lake: Lake): void {
  const [first] = linksIn(lake);
  if (first === undefined) return;
  throw new AdlakeError({
    code: 'DISK',
    message: `${first} is a link to ${readlinkSync(first)}. adlake writes into real folders of the lake alone, so that nothing outside of it is changed.`,
    remedy:
      'Put the folder itself in the place of the link. To keep the lake on another disk, give all of it another home with --lake or PROJECT_ROOT.',
  });
}

/** Links that a run would write through, absolute paths, sorted. */
export function linksIn(lake: Lake): readonly string[] {
  const zones = join(lake.home, 'zones');
  const cache = join(lake.home, 'cache');
  const tops = [zones, cache].filter(isLink);
  if (tops.length > 0) return tops;
  const inPlace = [cache, join(cache, 'logs')].flatMap((folder) =>
    entriesOf(folder).filter((entry) => entry.isSymbolicLink()),
  );
  return [
    ...inPlace.map((entry) => join(entry.parentPath, entry.name)),
    ...linksBelow(zones, DEEPEST),
  ].sort();
}

/** Zone, platform, dataset and account; in curated one more. */
const DEEPEST = 5;

function linksBelow(folder: string, depth: number): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) return isFile(path) ? [] : [path];
    const goesOn = entry.isDirectory() && depth > 1 && !entry.name.includes('=');
    return goesOn ? linksBelow(path, depth - 1) : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** What leads nowhere is no file. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
