import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_FOLDER } from './generate.ts';

/** The folder of the lake of a name. */
export function lakeNamed(name: string): string {
  return join(BENCH_FOLDER, `lake-${name}`);
}

/** A new, empty lake; what an earlier run left under this name is removed. */
export function newLake(name: string): string {
  const home = lakeNamed(name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  return home;
}

/** Puts a landing that was made into a lake, by hard links: nothing is copied. */
export function putLanding(home: string, landing: string): void {
  linkTree(landing, join(home, 'zones', 'landing'));
}

/** Bytes of all files below a folder. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Reads all files below a folder, so that the system has them in memory. */
export function readBelow(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name));
  }
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else linkSync(source, target);
  }
}
