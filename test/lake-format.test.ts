import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAKE_FORMAT } from '../src/lake-format.ts';
import { cacheFile } from '../src/zone.ts';
import { adlake } from './helpers/command-line.ts';
import { landGoldenWorld } from './helpers/golden.ts';
import { temporaryLake } from './helpers/lake.ts';
import { fingerprints } from './helpers/world.ts';

describe('the format of a lake', () => {
  it('is written by the first command that writes', async () => {
    const { home } = temporaryLake();
    await adlake(['landing-to-raw', '--lake', home]);
    const text = readFileSync(join(home, 'zones', 'lake.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ format: LAKE_FORMAT });
  });

  it('that is newer is refused by every command, with the remedy, and nothing is touched', async () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    writeFileSync(join(lake.home, 'zones', 'lake.json'), '{"format":99}');
    const before = fingerprints(lake, ['landing', 'raw']);
    for (const command of ['run', 'status', 'verify', 'repair']) {
      const { exitCode, stderr } = await adlake([command, '--lake', lake.home]);
      expect(exitCode).toBe(78);
      expect(stderr).toContain('has format 99');
      expect(stderr).toContain('What to do: Update adlake');
    }
    expect(fingerprints(lake, ['landing', 'raw'])).toEqual(before);
    expect(existsSync(cacheFile(lake, 'tasks'))).toBe(false);
  });

  it('that is older is brought up to date: what was remembered without a hash is made anew', async () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    const old = cacheFile(lake, 'tasks', 'old.json');
    mkdirSync(cacheFile(lake, 'tasks'), { recursive: true });
    writeFileSync(old, '{"format":4,"tasks":[]}');
    expect((await adlake(['landing-to-raw', '--lake', lake.home])).exitCode).toBe(0);
    expect(existsSync(old)).toBe(false);
  });

  it('that cannot be read is told, and not taken for any', async () => {
    const { home } = temporaryLake();
    mkdirSync(join(home, 'zones'));
    writeFileSync(join(home, 'zones', 'lake.json'), 'two');
    expect((await adlake(['run', '--offline', '--lake', home])).exitCode).toBe(74);
  });
});
