import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logFile } from '../src/log/rotation.ts';
import { growthFinding } from '../src/verify/growth.ts';
import { openFiles } from '../src/verify/permissions.ts';
import { adlake } from './helpers/command-line.ts';
import { temporaryLake } from './helpers/lake.ts';

describe.skipIf(process.platform === 'win32')('files with secrets', () => {
  it('that others can read are named with the remedy, and mended on request alone', () => {
    const { home } = temporaryLake();
    const env = join(home, '.env');
    const log = logFile({ home });
    mkdirSync(dirname(log), { recursive: true });
    for (const path of [env, log]) {
      writeFileSync(path, 'x');
      chmodSync(path, 0o644);
    }
    const at = { cwd: home, mends: false };
    const found = openFiles({ home }, at);
    expect(found.map(({ level }) => level)).toEqual(['warn', 'warn']);
    expect(found[0]?.remedy).toContain(`chmod 600 ${env}`);
    expect(statSync(env).mode & 0o777).toBe(0o644);
    openFiles({ home }, { ...at, mends: true });
    expect([env, log].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(openFiles({ home }, at)).toEqual([]);
  });
});

describe('doctor', () => {
  it('says for how long the disk lasts at the pace of the last 30 days', () => {
    const lake = temporaryLake();
    const run = (ended_at: string, bytesWritten: number) => {
      mkdirSync(join(lake.home, 'cache', 'runs'), { recursive: true });
      const record = { run_id: ended_at, ended_at, accounts: [], stages: [{ bytesWritten }] };
      writeFileSync(join(lake.home, 'cache', 'runs', `${ended_at}.json`), JSON.stringify(record));
    };
    const now = '2026-11-20T00:00:00Z';
    expect(growthFinding(lake, now)).toEqual([]);
    run('2026-09-01T00:00:00Z', 1e15);
    expect(growthFinding(lake, now)).toEqual([]);
    run('2026-11-01T00:00:00Z', 1e6);
    expect(growthFinding(lake, now)).toMatchObject([{ level: 'ok' }]);
    run('2026-11-02T00:00:00Z', 1e18);
    expect(growthFinding(lake, now)).toMatchObject([
      { level: 'warn', what: expect.stringContaining('the disk is full in 0 days') },
    ]);
  });

  it('says the format of the lake and the version of the engine', async () => {
    const { home } = temporaryLake();
    const { stdout } = await adlake(['doctor', '--lake', home]);
    expect(stdout).toMatch(
      /no format is written in the lake yet; this adlake writes \d+ with DuckDB /,
    );
  });
});
