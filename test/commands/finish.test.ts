import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adlake } from '../helpers/command-line.ts';
import { keptLake } from '../helpers/lake.ts';

const lake = keptLake();
const at = ['--lake', lake.home];

beforeAll(async () => {
  const page = join(lake.home, 'page.json');
  writeFileSync(page, JSON.stringify({ data: [{ id: '7' }, { id: 8 }] }));
  const argv = ['land', page, '--dataset', 'campaigns', '--account', '1', ...at];
  expect(await adlake(argv)).toMatchObject({ exitCode: 0 });
});

describe('a run in which records were refused', () => {
  it('ends with 65 when they are more than the allowed share, with all others in the lake', async () => {
    const { exitCode, stderr } = await adlake(['landing-to-raw', ...at]);
    expect(exitCode).toBe(65);
    expect(stderr).toContain('1 of 3 records refused');
    expect(stderr).toContain('adlake quarantine list');
  });

  it('ends with 0 when so many are allowed', async () => {
    const allowed = { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' };
    expect(await adlake(['landing-to-raw', ...at], allowed)).toMatchObject({ exitCode: 0 });
  });
});
