import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { listTemporaries, sweepTemporaries } from '../src/activity/sweep.ts';
import { lockFile, lockHolder, lockLake } from '../src/lock.ts';
import { temporaryLake } from './helpers/lake.ts';

function leaveLock(lake: { readonly home: string }, holder: object | string): void {
  mkdirSync(dirname(lockFile(lake)), { recursive: true });
  writeFileSync(lockFile(lake), typeof holder === 'string' ? holder : JSON.stringify(holder));
}

/** No system has so many processes: that of one which has died may be another's by now. */
const NOBODY = 2_000_000_000;

describe('a lake', () => {
  it('is held by one writer at a time, and a second one is told by whom', () => {
    const lake = temporaryLake();
    const lock = lockLake(lake, 'run');
    expect(() => lockLake(lake, 'extract')).toThrow(
      expect.objectContaining({
        code: 'LAKE_LOCKED',
        exitCode: 75,
        message: expect.stringContaining(`adlake run (process ${process.pid} on ${hostname()}`),
      }),
    );
    lock.release();
    expect(existsSync(lockFile(lake))).toBe(false);
    lockLake(lake, 'extract').release();
  });

  it('whose holder has died is taken over', () => {
    const lake = temporaryLake();
    const started = Temporal.Now.instant().toString();
    leaveLock(lake, { pid: NOBODY, host: hostname(), started, command: 'run' });
    expect(lockHolder(lake)).toMatchObject({ isAlive: false });
    const lock = lockLake(lake, 'run');
    expect(lock.isTakenOver).toBe(true);
    expect(lockHolder(lake)).toMatchObject({ holder: { pid: process.pid }, isAlive: true });
    lock.release();
  });

  it('whose holder had this process id before this process began is taken over', () => {
    const lake = temporaryLake();
    const started = '2026-01-01T00:00:00Z';
    leaveLock(lake, { pid: process.pid, host: hostname(), started, command: 'run' });
    expect(lockLake(lake, 'run').isTakenOver).toBe(true);
  });

  it('is free when the lock is from before this machine started, whoever has its process id now', () => {
    const lake = temporaryLake();
    const started = '2001-01-01T00:00:00Z';
    leaveLock(lake, { pid: process.ppid, host: hostname(), started, command: 'run' });
    expect(lockHolder(lake)).toMatchObject({ isAlive: false });
    expect(lockLake(lake, 'run').isTakenOver).toBe(true);
  });

  it.each([
    [
      'on another machine, where nobody can look',
      { pid: 1, host: 'elsewhere', started: '2026-01-01T00:00:00Z', command: 'run' },
    ],
    ['with a lock that cannot be read', 'half a lo'],
  ])('is not taken from a holder %s', (_, holder) => {
    const lake = temporaryLake();
    leaveLock(lake, holder);
    expect(() => lockLake(lake, 'run')).toThrow(expect.objectContaining({ code: 'LAKE_LOCKED' }));
    expect(existsSync(lockFile(lake))).toBe(true);
  });

  it('is not released by somebody who no longer holds it', () => {
    const lake = temporaryLake();
    const lock = lockLake(lake, 'run');
    leaveLock(lake, { pid: 1, host: 'elsewhere', started: '', command: 'run' });
    lock.release();
    expect(existsSync(lockFile(lake))).toBe(true);
  });
});

describe('unfinished files', () => {
  it('are found and swept, and nothing else is', () => {
    const lake = temporaryLake();
    const folder = join(lake.home, 'zones', 'raw', 'meta');
    mkdirSync(folder, { recursive: true });
    for (const name of ['.a.ndjson.4711.tmp', 'a.ndjson', '.gitkeep', 'b.tmp']) {
      writeFileSync(join(folder, name), 'x');
    }
    expect(listTemporaries(lake)).toEqual([join(folder, '.a.ndjson.4711.tmp')]);
    expect(sweepTemporaries(lake)).toBe(1);
    expect(existsSync(join(folder, '.a.ndjson.4711.tmp'))).toBe(false);
    expect(existsSync(join(folder, 'a.ndjson'))).toBe(true);
    expect(existsSync(join(folder, 'b.tmp'))).toBe(true);
  });
});
