import {
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Lake } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

const made = keptLake();
const ARGV = ['landing-to-raw', '--dataset', 'campaigns', '--lake'];
const RAW = 'zones/raw/meta/campaigns/account_id=1001/month=all.ndjson';

beforeAll(async () => {
  landGoldenWorld(made, ({ head }) => head.dataset === 'campaigns');
  expect(await adlake([...ARGV, made.home])).toMatchObject({ exitCode: 0 });
});

function copy(): Lake {
  const lake = temporaryLake();
  cpSync(made.home, lake.home, { recursive: true });
  return lake;
}

/** Puts a link in the place of a file or folder, which is elsewhere then; gives where. */
function linkAway(lake: Lake, path: string): string {
  const elsewhere = join(temporaryLake().home, 'moved');
  const place = join(lake.home, path);
  mkdirSync(dirname(place), { recursive: true });
  try {
    renameSync(place, elsewhere);
  } catch {
    mkdirSync(elsewhere);
  }
  symlinkSync(elsewhere, place);
  return elsewhere;
}

/** Landing says something new, so that raw is due. */
function change(lake: Lake): void {
  rmSync(join(lake.home, 'cache', 'tasks'), { recursive: true, force: true });
  const raw = join(lake.home, RAW);
  if (lstatSync(raw, { throwIfNoEntry: false })?.isFile()) writeFileSync(raw, 'old');
}

describe('a link out of the lake', () => {
  it.each([
    'zones',
    'cache',
    'zones/raw',
    'zones/landing/meta/campaigns',
    'zones/raw/meta/campaigns/account_id=1001',
    'zones/curated/marketing',
    'zones/curated/marketing/metaads/campaign_day/account_id=1001',
    'cache/logs',
    'cache/logs/adlake.ndjson',
  ])(
    'in the place of %s is refused with 74 and the remedy, and nothing is changed there',
    async (path) => {
      const lake = copy();
      change(lake);
      const elsewhere = linkAway(lake, path);
      const before = lstatSync(elsewhere).isFile()
        ? readFileSync(elsewhere, 'utf8')
        : fingerprints({ home: dirname(elsewhere) }, ['../moved']);
      const { exitCode, stderr } = await adlake([...ARGV, lake.home]);
      expect(exitCode).toBe(74);
      expect(stderr).toContain(`${join(lake.home, path)} is a link to ${elsewhere}`);
      expect(stderr).toContain('--lake or PROJECT_ROOT');
      const after = lstatSync(elsewhere).isFile()
        ? readFileSync(elsewhere, 'utf8')
        : fingerprints({ home: dirname(elsewhere) }, ['../moved']);
      expect(after).toEqual(before);
    },
  );

  it('in the place of a file gives way to the file, and what it led to stays as it is', async () => {
    const lake = copy();
    const elsewhere = linkAway(lake, RAW);
    writeFileSync(elsewhere, 'mine');
    change(lake);
    expect(await adlake([...ARGV, lake.home])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(lstatSync(join(lake.home, RAW)).isSymbolicLink()).toBe(false);
    expect(readFileSync(join(lake.home, RAW))).toEqual(readFileSync(join(made.home, RAW)));
  });

  it('is no matter when it leads to the whole lake', async () => {
    const lake = copy();
    const link = join(temporaryLake().home, 'lake');
    symlinkSync(lake.home, link);
    change(lake);
    expect(await adlake([...ARGV, link])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(lake.home, RAW))).toEqual(readFileSync(join(made.home, RAW)));
  });
});
