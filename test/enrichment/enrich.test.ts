import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake } from '../helpers/lake.ts';
import { picture } from '../helpers/picture.ts';

const CREATIVE = '120210000000009111';
const lake = keptLake();
const at = ['--lake', lake.home];
const ALLOWED = { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' };

async function content(): Promise<Readonly<Record<string, unknown>>> {
  const sql = `select * from creative_content where creative_id = '${CREATIVE}'`;
  const { stdout } = await adlake(['sql', '--format', 'json', sql, ...at]);
  return (JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[])[0] ?? {};
}

describe('adlake enrich', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adlake-pictures-'));
  beforeAll(async () => {
    landGoldenWorld(lake, ({ head }) => !head.dataset.startsWith('creative_'));
    await adlake(['run', '--offline', '--today', '2026-10-29', ...at], ALLOWED);
    writeFileSync(
      join(folder, `${CREATIVE}.png`),
      picture(4, 5, () => [16, 32, 48, 255]),
    );
    writeFileSync(join(folder, '999.jpg'), 'no picture');
    writeFileSync(join(folder, 'holiday.png'), '');
  });

  it('brings what a creative says and shows into the tables', async () => {
    expect(await content()).toMatchObject({ text: 'Great songs.', sentiment: null, read_by: null });
    const { exitCode, stderr } = await adlake(['enrich', '--images', folder, ...at], ALLOWED);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Read 1 text (as English) and 1 picture that were not read yet.');
    expect(stderr).toContain('Left out 999.jpg: there is no creative 999.');
    expect(stderr).toContain('Left out holiday.png: its name is no id');
    expect(await content()).toMatchObject({
      words: 2,
      sentiment: 0.6,
      topics: '["song"]',
      image_ratio: 0.8,
      image_colours: '["#102030"]',
      image_colour_share: 1,
    });
  });

  it('reads nothing twice, and a new picture of the same creative again', async () => {
    const again = await adlake(['enrich', '--images', folder, ...at], ALLOWED);
    expect(again.stderr).toContain('Read 0 texts (as English) and 0 pictures');
    writeFileSync(
      join(folder, `${CREATIVE}.png`),
      picture(4, 4, () => [255, 255, 255, 255]),
    );
    const trial = await adlake(['enrich', '--dry-run', '--images', folder, ...at], ALLOWED);
    expect(trial.stderr).toContain('Would read 0 texts (as English) and 1 picture');
    await adlake(['enrich', '--images', folder, ...at], ALLOWED);
    expect(await content()).toMatchObject({ image_ratio: 1, image_brightness: 1, sentiment: 0.6 });
  });

  it('says what to do where there are no tables', async () => {
    const { exitCode, stderr } = await adlake(['enrich', '--lake', keptLake().home]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('adlake run');
  });
});
