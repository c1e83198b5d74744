import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { MODELS } from '../src/model.ts';
import { silent } from '../src/progress.ts';
import { runQuery } from '../src/query/query.ts';
import { runStages } from '../src/run.ts';
import { landGoldenWorld } from './helpers/golden.ts';
import { keptLake } from './helpers/lake.ts';
import { fingerprints, taskMemory } from './helpers/world.ts';

const expected = fileURLToPath(new URL('golden/two-accounts/expected', import.meta.url));
const lake = keptLake();

function textFiles(home: string): readonly string[] {
  return ['raw', 'staging', 'quarantine', 'curated']
    .flatMap((zone) => {
      const folder = join(home, 'zones', zone);
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(home, 'zones'), join(entry.parentPath, entry.name)));
    })
    .filter((path) => /\.(csv|ndjson)$/.test(path))
    .sort();
}

beforeAll(async () => {
  landGoldenWorld(lake);
  await runStages({ lake, selection: {}, progress: silent, threads: 0 });
});

describe('the golden lake', () => {
  it('gives the files worked out by hand, byte for byte', async () => {
    const paths = textFiles(lake.home);
    await expect(`${paths.join('\n')}\n`).toMatchFileSnapshot(join(expected, 'files.txt'));
    for (const path of paths) {
      const text = readFileSync(join(lake.home, 'zones', path), 'utf8');
      await expect(text).toMatchFileSnapshot(join(expected, path));
    }
  });

  it.each(MODELS.map((model) => model.name))('gives the curated table %s', async (model) => {
    const answer = await runQuery(lake, `select * from ${model}`, { format: 'csv' });
    await expect(answer.text).toMatchFileSnapshot(
      join(expected, 'curated', 'tables', `${model}.csv`),
    );
  });

  it('is the same, byte for byte, when threads make it', async () => {
    const derived = ['raw', 'staging', 'quarantine', 'curated'];
    const before = fingerprints(lake, derived);
    const tasks = taskMemory(lake);
    for (const zone of derived) rmSync(join(lake.home, 'zones', zone), { recursive: true });
    rmSync(join(lake.home, 'cache'), { recursive: true });
    await runStages({ lake, selection: {}, progress: silent, threads: 2 });
    expect(fingerprints(lake, derived)).toEqual(before);
    expect(taskMemory(lake)).toEqual(tasks);
  });
});
