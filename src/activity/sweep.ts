import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Lake, zoneDir } from '../zone.ts';

/** What `temporaryBeside` names: hidden, with the process that wrote it. */
const TEMPORARY = /^\..+\.\d+\.tmp$/;

/** True for the name of a file that was not finished. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Unfinished files and answers (folders) that a killed run left behind; absolute paths, sorted. */
export function listTemporaries(lake: Lake): readonly string[] {
  const zones = ['landing', 'raw', 'staging', 'curated', 'quarantine'] as const;
  return [...zones.map((zone) => zoneDir(lake, zone)), join(lake.home, 'cache')]
    .flatMap(temporariesBelow)
    .sort();
}

/** Removes them. Only for who holds the lake: nobody else is writing then. Gives how many there were. */
export function sweepTemporaries(lake: Lake): number {
  const found = listTemporaries(lake);
  for (const path of found) rmSync(path, { force: true, recursive: true });
  return found.length;
}

function temporariesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => (entry.isFile() || entry.isDirectory()) && isTemporary(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}
