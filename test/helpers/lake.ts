import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { Lake } from '../../src/zone.ts';

/** A lake in a new temporary folder, removed after the test. */
export function temporaryLake(): Lake {
  const home = mkdtempSync(join(tmpdir(), 'adlake-test-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return { home };
}

/** A lake for a whole test file, removed at its end. */
export function keptLake(): Lake {
  const home = mkdtempSync(join(tmpdir(), 'adlake-test-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return { home };
}
