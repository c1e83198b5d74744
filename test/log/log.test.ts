import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../../src/log/log.ts';
import { logFile } from '../../src/log/rotation.ts';
import { listRecords } from '../../src/run-record.ts';
import type { Lake } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { temporaryLake } from '../helpers/lake.ts';

type Line = Readonly<Record<string, unknown>>;

function linesOf(lake: Lake): readonly Line[] {
  const text = readFileSync(logFile(lake), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('the log of a run', () => {
  it('is a JSON object a line: run, command, every task with its account, time and rows, and the end', async () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    await adlake(['landing-to-raw', '--lake', lake.home]);
    const lines = linesOf(lake);
    const [record] = listRecords(lake);
    expect(lines.map(({ run }) => run)).toEqual(lines.map(() => record?.run_id));
    expect(lines.map(({ msg }) => msg).at(0)).toBe('begins');
    expect(lines.map(({ msg }) => msg).at(-1)).toBe('ended');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        command: 'landing-to-raw',
        msg: 'task done',
        dataset: 'campaigns',
        account: '1001',
        task: 'landing-to-raw/campaigns/account_id=1001/month=all',
        rows: expect.any(Number),
        ms: expect.any(Number),
        time: expect.stringMatching(/Z$/),
      }),
    );
  });

  it('has the error of a command that failed, with its code', async () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    await adlake(['run', '--offline', '--lake', lake.home], { ADLAKE_DRIFT: 'campaigns=stop' });
    const { exitCode } = await adlake([
      'land',
      '/nowhere.json',
      '--lake',
      lake.home,
      '--account',
      '1',
      '--dataset',
      'campaigns',
    ]);
    expect(exitCode).toBe(74);
    expect(linesOf(lake)).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'FILE_UNREADABLE', exit_code: 74 }),
    );
  });

  it('is not written by commands that only look', async () => {
    const lake = temporaryLake();
    await adlake(['status', '--lake', lake.home]);
    expect(existsSync(logFile(lake))).toBe(false);
  });

  it('is put aside when it is large, five times, and can be read by its owner alone', async () => {
    const lake = temporaryLake();
    mkdirSync(dirname(logFile(lake)), { recursive: true });
    for (let turn = 0; turn < 7; turn++) {
      writeFileSync(logFile(lake), `${turn}`.repeat(5_000_001));
      const log = openLog({ lake, run: 'r', secrets: [] });
      log.begin('test');
      await log.end();
    }
    expect(linesOf(lake)).toHaveLength(1);
    expect(statSync(logFile(lake)).mode & 0o077).toBe(0);
    expect(readFileSync(logFile(lake, 1), 'utf8').slice(0, 1)).toBe('6');
    expect(readFileSync(logFile(lake, 5), 'utf8').slice(0, 1)).toBe('2');
    expect(existsSync(logFile(lake, 6))).toBe(false);
  });

  it('holds no secret, however it is spelt', async () => {
    const lake = temporaryLake();
    const secret = 'pa"ss/wo+rd é';
    const log = openLog({ lake, run: 'r', secrets: [secret, null] });
    log.begin('test');
    log.write('error', {
      msg: `sent ${secret}`,
      url: `https://x.test/?a=${encodeURIComponent(secret)}`,
    });
    log.write('error', { msg: 'https://x.test/?access_token=EAAplanted&x=1' });
    await log.end();
    const text = readFileSync(logFile(lake), 'utf8');
    expect(text).not.toMatch(/pa\\?"ss|pa%22ss|EAAplanted/);
    expect(text).toContain('[secret]');
  });

  it('that cannot be written stops nobody', async () => {
    const lake = temporaryLake();
    mkdirSync(logFile(lake), { recursive: true });
    const { exitCode } = await adlake(['landing-to-raw', '--lake', lake.home]);
    expect(exitCode).toBe(0);
  });
});
