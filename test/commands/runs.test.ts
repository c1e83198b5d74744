import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheFile } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake } from '../helpers/lake.ts';

const lake = keptLake();
const at = ['--lake', lake.home];
const ALLOWED = { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' };
let said = '';

beforeAll(async () => {
  landGoldenWorld(lake);
  said = (await adlake(['run', '--offline', '--today', '2026-10-29', ...at], ALLOWED)).stderr;
  await adlake(['run', '--offline', '--today', '2026-10-29', ...at], ALLOWED);
  writeFileSync(cacheFile(lake, 'runs', '20990101T000000000Z.json'), '{"torn');
});

describe('past runs', () => {
  it('are listed, newest first, and one that cannot be read is left out', async () => {
    const { stdout } = await adlake(['runs', 'list', ...at]);
    const lines = stdout.trim().split('\n').slice(-2);
    expect(lines[0]).toMatch(/ run +none .* 0, nothing was due$/);
    expect(lines[1]).toMatch(/ run +none .* [1-9]\d* +0$/);
    expect((lines[0] ?? '') > (lines[1] ?? '')).toBe(true);
  });

  it('are shown as they ended, the newest when none is named', async () => {
    const { runs } = JSON.parse((await adlake(['runs', 'list', '--json', ...at])).stdout) as {
      runs: readonly { readonly run_id: string }[];
    };
    const first = await adlake(['runs', 'show', runs[1]?.run_id ?? '', ...at]);
    const summary = said.slice(said.indexOf('\nstage '));
    expect(first.stdout).toContain(summary.trim());
    expect((await adlake(['runs', 'show', ...at])).stdout).toContain('Nothing was due');
  });

  it('that never were are refused, with the nearest name', async () => {
    const found = await adlake(['runs', 'show', '2099', ...at]);
    expect(found).toMatchObject({ exitCode: 78, stderr: expect.stringContaining('runs list') });
  });
});
