import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cacheFile, type Lake } from '../zone.ts';

/** A log of this size is put aside when the next command begins: about 20,000 lines. */
const MOST_BYTES = 5_000_000;
/** Logs that are kept beside the one that is written. */
const KEPT = 5;

/** The log that is written: `cache/logs/adlake.ndjson`; `age` 1 is the one before it. */
export function logFile(lake: Lake, age = 0): string {
  return cacheFile(lake, 'logs', age === 0 ? 'adlake.ndjson' : `adlake.${age}.ndjson`);
}

/** Makes room: a large log becomes the last one, and the oldest goes. Only for who holds the lake. */
export function rotate(lake: Lake): void {
  const path = logFile(lake);
  mkdirSync(dirname(path), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < MOST_BYTES) return;
  rmSync(logFile(lake, KEPT), { force: true });
  for (let age = KEPT - 1; age >= 0; age--) {
    if (existsSync(logFile(lake, age))) renameSync(logFile(lake, age), logFile(lake, age + 1));
  }
}
