import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { QuarantineRecord } from '../../src/quarantine.ts';
import { adlake } from '../helpers/command-line.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';

const GOOD = { id: '120210426870612831', name: 'Synthetic, good', status: 'ACTIVE' };
const BAD = { id: 4711, name: 'Synthetic, with a number for an id', status: 'ACTIVE' };

function pageFile(folder: string, records: readonly object[]): string {
  const path = join(folder, 'page.json');
  const next = 'https://graph.facebook.com/x?access_token=HUSH&after=1';
  writeFileSync(path, JSON.stringify({ data: records, paging: { next } }));
  return path;
}

describe('a record that a contract refuses', () => {
  const lake = keptLake().home;
  const listed = async () => {
    const { stdout } = await adlake(['quarantine', 'list', '--lake', lake, '--json']);
    return JSON.parse(stdout) as readonly QuarantineRecord[];
  };

  it('gets into landing with `land`, without the token', async () => {
    const argv = ['land', '--lake', lake, '--dataset', 'campaigns', '--account', 'act_123'];
    const file = pageFile(lake, [GOOD, BAD]);
    const dry = await adlake([...argv, '--dry-run', file]);
    expect(dry.stdout).toBe('Would land 1 page with 2 records.\n');
    const { exitCode, stdout } = await adlake([...argv, file]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Landed 1 page with 2 records as \S+\.\n$/);
  });

  it('ends the run with 65 when there are too many, after all work is done', async () => {
    const { exitCode, stderr } = await adlake(['run', '--offline', '--lake', lake]);
    expect(exitCode).toBe(65);
    expect(stderr).toContain('In quarantine: 1 record,');
    expect(stderr).toMatch(/Error QUARANTINE_SHARE: 1 of \d+ records refused/);
    const { stdout } = await adlake(['sql', '--lake', lake, 'select campaign_id from campaigns']);
    expect(stdout).toBe('campaign_id\n120210426870612831\n');
  });

  it('is allowed when the share is', async () => {
    const copy = temporaryLake().home;
    const argv = ['--lake', copy, '--dataset', 'campaigns', '--account', '123'];
    await adlake(['land', ...argv, pageFile(copy, [GOOD, BAD])]);
    const env = { ADLAKE_MAX_QUARANTINE_SHARE: '0.9' };
    expect((await adlake(['run', '--offline', '--lake', copy], env)).exitCode).toBe(0);
  });

  it('is listed with where and why, and shown as it was sent', async () => {
    const [record] = await listed();
    expect(record).toMatchObject({ dataset: 'campaigns', account_id: '123', pointer: '/id' });
    const argv = ['quarantine', 'show', (record?.id ?? '').slice(0, 6), '--lake', lake];
    const { stdout } = await adlake(argv);
    expect(stdout).toContain('/id: must be string');
    expect(stdout).toContain('"id":4711');
  });

  it('stays when it is replayed and nothing was mended', async () => {
    const { exitCode, stdout } = await adlake(['quarantine', 'replay', '--lake', lake]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('0 of 1 record came back; in quarantine now: 1.\n');
  });

  it('comes back when it is mended, into the tables', async () => {
    const [record] = await listed();
    const mend = ['quarantine', 'replay', record?.id ?? '', '--set', '/id=4711', '--lake', lake];
    const { stdout } = await adlake(mend);
    expect(stdout).toBe('1 of 1 record came back; in quarantine now: 0.\n');
    expect(await listed()).toEqual([]);
    const query = 'select campaign_id from campaigns order by campaign_id';
    const answer = await adlake(['sql', '--lake', lake, query]);
    expect(answer.stdout).toBe('campaign_id\n120210426870612831\n4711\n');
  });

  it('of a lake with real data: the sandbox is not let in', async () => {
    const { exitCode, stderr } = await adlake(['run', '--lake', lake]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('holds data of real accounts');
  });
});

describe('adlake land', () => {
  it('names a file that is not there, and lands nothing', async () => {
    const lake = temporaryLake().home;
    const argv = ['land', '--lake', lake, '--dataset', 'ads', '--account', '1', 'missing.json'];
    const { exitCode, stderr } = await adlake(argv);
    expect(exitCode).toBe(74);
    expect(stderr).toContain('missing.json');
    expect((await adlake(['status', '--lake', lake, '--json'])).stdout).toContain('"holdings": []');
  });
});
