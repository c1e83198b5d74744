import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { Lake } from '../../src/zone.ts';

const made: string[] = [];

/** A lake in a new temporary folder, removed after the test. */
export function temporaryLake(): Lake {
  const home = mkdtempSync(join(tmpdir(), 'adlake-test-'));
  made.push(home);
  return { home };
}

afterEach(() => {
  for (const home of made.splice(0)) rmSync(home, { recursive: true, force: true });
});

/** A lake for a whole test file, removed at its end. */
export function keptLake(): Lake {
  const home = mkdtempSync(join(tmpdir(), 'adlake-test-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return { home };
}
