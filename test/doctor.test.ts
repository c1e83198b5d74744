import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { logFile } from '../src/log/rotation.ts';
import { clockFinding } from '../src/verify/clock.ts';
import { growthFinding } from '../src/verify/growth.ts';
import { nativeFindings, optionalFindings } from '../src/verify/machine.ts';
import { orphanFinding } from '../src/verify/orphans.ts';
import { openFiles } from '../src/verify/permissions.ts';
import { adlake } from './helpers/command-line.ts';
import { landGoldenWorld } from './helpers/golden.ts';
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

/** A machine whose clock says this, asked by one whose clock says noon. */
async function clockOf(date: string): Promise<Finding> {
  const server = createServer((_, response) => {
    response.setHeader('date', date);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await clockFinding(`http://127.0.0.1:${port}/v1/`, () => '2026-11-20T12:00:00.500Z');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the clock', () => {
  it.each([
    ['Fri, 20 Nov 2026 12:00:00 GMT', 'ok', 'agrees'],
    ['Fri, 20 Nov 2026 11:59:10 GMT', 'ok', 'agrees'],
    ['Fri, 20 Nov 2026 12:02:00 GMT', 'warn', '120 seconds behind'],
    ['Fri, 20 Nov 2026 11:55:00 GMT', 'warn', '301 seconds ahead'],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 'fail', '3601 seconds ahead'],
    ['Sat, 21 Nov 2026 12:00:00 GMT', 'fail', '86400 seconds behind'],
    ['yesterday', 'ok', 'does not say its time'],
  ])('against an API that says %s is %s: %s', async (date, level, what) => {
    expect(await clockOf(date)).toMatchObject({ level, what: expect.stringContaining(what) });
  });

  it('cannot be compared without a network, which is no failure', async () => {
    const found = await clockFinding('http://127.0.0.1:1/', () => '2026-11-20T12:00:00Z');
    expect(found).toMatchObject({ level: 'warn', what: expect.stringContaining('be reached') });
  });
});

describe('machine code', () => {
  const [works, ends, other] = nativeFindings([
    { name: 'a', use: 'x', program: '' },
    { name: 'b', use: 'x', program: "process.kill(process.pid, 'SIGSEGV')" },
    { name: 'c', use: 'x', program: "throw new Error('made for NODE_MODULE_VERSION 42')" },
  ]);

  it('that fits is well', () => {
    expect(works).toMatchObject({ level: 'ok' });
  });

  it('that ends the process which loads it is found without ending this one', () => {
    expect(ends).toMatchObject({ level: 'fail', what: expect.stringContaining('SIGSEGV') });
  });

  it('that was made for another Node is named with the remedy', () => {
    expect(other).toMatchObject({
      level: 'fail',
      what: expect.stringContaining('NODE_MODULE_VERSION 42'),
      remedy: expect.stringContaining('npm ci'),
    });
  });
});

describe('a package that may be left out', () => {
  it('is said to be there or not, and what is missing without it', () => {
    const found = optionalFindings(temporaryLake().home);
    expect(found.length).toBeGreaterThan(3);
    for (const one of found) {
      expect(one).toMatchObject({ level: 'warn', remedy: expect.stringContaining('npm ci') });
      expect(one.why).not.toContain('a part of adlake');
    }
    expect(
      optionalFindings()
        .map(({ what }) => what)
        .join(),
    ).toContain('nodemailer');
  });
});

describe('doctor', () => {
  it('names files that no run wrote, and answers that were never finished', async () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    await adlake(['landing-to-raw', '--dataset', 'campaigns', '--lake', lake.home]);
    const curated = join(lake.home, 'zones', 'curated');
    mkdirSync(curated, { recursive: true });
    for (const name of ['report.html', 'report.xlsx']) writeFileSync(join(curated, name), 'x');
    expect(await orphanFinding(lake)).toMatchObject({ level: 'ok' });
    const raw = join(lake.home, 'zones', 'raw', 'meta', 'campaigns', 'account_id=1001');
    writeFileSync(join(raw, 'copy of month=all.ndjson'), 'x');
    expect(await orphanFinding(lake)).toMatchObject({
      level: 'warn',
      what: expect.stringContaining('1 file in the zones that no run wrote, the first is zones'),
    });
    mkdirSync(raw.replace('raw', 'landing').concat('/20260101T000000000Z-0'));
    expect((await orphanFinding(lake)).what).toContain('2 files');
  });

  it('ends with 1 when something must be mended, and says why it matters and what to do', async () => {
    const lake = temporaryLake();
    mkdirSync(join(lake.home, 'zones'));
    symlinkSync(temporaryLake().home, join(lake.home, 'zones', 'raw'));
    const { exitCode, stdout } = await adlake(['doctor', '--json', '--lake', lake.home]);
    expect(exitCode).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    const bad = findings.filter(({ level }) => level !== 'ok');
    expect(bad.map(({ what }) => what).join()).toContain('is a link');
    for (const { why, remedy } of bad)
      expect([why, remedy]).toEqual([expect.any(String), expect.any(String)]);
  });

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
