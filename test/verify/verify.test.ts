import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../src/progress.ts';
import { runStages } from '../../src/run.ts';
import type { Verdict } from '../../src/verify/damage.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

const ALLOWED = { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' };
const DERIVED = ['raw', 'staging', 'curated', 'quarantine'];
/** One lake for all: what a test harms is whole again at its end, or the next one fails. */
const lake = keptLake();
let whole: Readonly<Record<string, string>>;

beforeAll(async () => {
  landGoldenWorld(lake);
  await runStages({ lake, selection: {}, progress: silent });
  whole = fingerprints(lake, DERIVED);
});

async function verdict(): Promise<Verdict & { readonly exitCode: number }> {
  const { stdout, exitCode } = await adlake(['verify', '--lake', lake.home, '--json']);
  return { ...(JSON.parse(stdout) as Verdict), exitCode };
}

function pathOf(pattern: RegExp): string {
  const found = readdirSync(join(lake.home, 'zones'), { recursive: true, encoding: 'utf8' });
  const path = found.map((name) => join('zones', name)).find((name) => pattern.test(name));
  if (path === undefined) throw new Error(String(pattern));
  return path;
}

describe('a lake that nobody touched', () => {
  it('is as it was left, all of it looked at', async () => {
    const found = await verdict();
    expect(found).toMatchObject({ damages: [], strangers: [], due: 0, exitCode: 0 });
    const pages = Object.keys(fingerprints(lake, ['landing'])).filter((path) => /page-/.test(path));
    expect(found.files).toBe(pages.length + Object.keys(whole).length);
  });
});

const CHANGED = (path: string) => appendFileSync(path, 'x');
const CUT = (path: string) => truncateSync(path, 10);
const REMOVED = (path: string) => rmSync(path);

describe('a file that follows from landing', () => {
  it.each([
    ['raw', 'changed', /raw\/meta\/insights_campaign_day\/.*\.ndjson$/, CHANGED],
    ['lineage', 'cut short', /raw\/meta\/insights_campaign_day\/.*lineage\.csv$/, CUT],
    ['staging', 'changed', /staging\/meta\/insights_campaign_day\/.*\.csv$/, CHANGED],
    ['curated Parquet', 'cut short', /curated\/metaads\/campaign_day\/.*\.parquet$/, CUT],
    ['quarantine', 'cut short', /quarantine\/raw\/.*\.ndjson$/, CUT],
    ['curated CSV', 'removed', /curated\/metaads\/metaads_campaigns_daily\.csv$/, REMOVED],
  ])('(%s) and was %s behind our back is found, and made again', async (_, _how, which, harm) => {
    const path = pathOf(which);
    harm(join(lake.home, path));
    const found = await verdict();
    expect(found.exitCode).toBe(1);
    expect(found.damages.map((damage) => damage.path)).toContain(path);
    const repaired = await adlake(['repair', '--lake', lake.home], ALLOWED);
    expect(repaired).toMatchObject({ exitCode: 0 });
    expect(fingerprints(lake, DERIVED)).toEqual(whole);
  });
});

describe('a page in landing', () => {
  it('that was changed is found and said to be beyond repair', async () => {
    const path = pathOf(/landing\/meta\/insights_campaign_day\/.*page-00001\.json$/);
    const bytes = readFileSync(join(lake.home, path));
    writeFileSync(join(lake.home, path), '{"data":[]}');
    expect((await verdict()).damages).toEqual([
      { kind: 'page', path, found: 'has other bytes than it arrived with' },
    ]);
    const { exitCode, stderr } = await adlake(['repair', '--lake', lake.home], ALLOWED);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('adlake restore');
    writeFileSync(join(lake.home, path), bytes);
  });

  it('whose description is torn is found, and nothing else stops', async () => {
    const path = pathOf(/landing\/meta\/ads\/.*_batch\.json$/);
    const bytes = readFileSync(join(lake.home, path));
    CUT(join(lake.home, path));
    const { stdout } = await adlake(['verify', '--lake', lake.home]);
    expect(stdout).toContain('_batch.json is not JSON');
    writeFileSync(join(lake.home, path), bytes);
  });
});

describe("somebody's own file", () => {
  it('is named and left alone', async () => {
    const path = join('zones', 'curated', 'metaads', 'mine.xlsx');
    writeFileSync(join(lake.home, path), 'mine');
    expect(await verdict()).toMatchObject({ exitCode: 0, strangers: [path] });
    await adlake(['repair', '--lake', lake.home], ALLOWED);
    expect(readFileSync(join(lake.home, path), 'utf8')).toBe('mine');
  });
});
