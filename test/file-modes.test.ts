import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { contractAt } from '../src/contract.ts';
import { DATASETS } from '../src/pipeline.ts';
import { openFiles } from '../src/verify/permissions.ts';
import type { Lake } from '../src/zone.ts';
import { adlake } from './helpers/command-line.ts';
import { landGoldenWorld } from './helpers/golden.ts';
import { keptLake, temporaryLake } from './helpers/lake.ts';

const PERSONS = DATASETS.filter(({ isPrivate }) => isPrivate === true).map(({ name }) => name);
const ALLOWED = { ADLAKE_MAX_QUARANTINE_SHARE: '0.9' };
const STAGES = ['landing-to-raw', 'raw-to-staging'];
const lake = keptLake();

/** A few datasets, about persons and not, in all zones but curated. */
beforeAll(async () => {
  const some = [...PERSONS, 'campaigns', 'insights_campaign_day'];
  landGoldenWorld(lake, ({ head }) => some.includes(head.dataset));
  for (const stage of STAGES) {
    const { exitCode } = await adlake([stage, '--lake', lake.home], ALLOWED);
    expect(exitCode).toBe(0);
  }
});

/** Permissions of every file that adlake made, by path. */
function modes(of: Lake): ReadonlyMap<string, number> {
  const files = ['zones', 'cache'].flatMap((top) =>
    readdirSync(join(of.home, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(files.map((path) => [relative(of.home, path), statSync(path).mode & 0o777]));
}

/** Below `landing/meta/dump` and what people drop are copies, made by the test itself. */
const OWN = /\/(dump|fx_rates|preferences|benchmarks|alert_settings)\//;

function isPrivate(path: string): boolean {
  return (
    PERSONS.some((name) => path.split('/').includes(name)) || /^cache\/(logs|tasks)\//.test(path)
  );
}

describe.skipIf(process.platform === 'win32')('files of a lake', () => {
  it('about persons are for their owner alone, and all others can be read by everybody', () => {
    const found = [...modes(lake)].filter(([path]) => !OWN.test(path));
    for (const zone of ['landing', 'raw', 'staging']) {
      expect(found.some(([path]) => path.startsWith(`zones/${zone}`) && isPrivate(path))).toBe(
        true,
      );
      expect(found.some(([path]) => path.startsWith(`zones/${zone}`) && !isPrivate(path))).toBe(
        true,
      );
    }
    const wrong = found.filter(([path, mode]) => mode !== (isPrivate(path) ? 0o600 : 0o644));
    expect(wrong).toEqual([]);
  });

  it('about persons that others can read are named once for each dataset, and mended on request', () => {
    const copy = temporaryLake();
    cpSync(lake.home, copy.home, { recursive: true });
    const at = { cwd: copy.home, mends: false };
    expect(openFiles(copy, at)).toEqual([]);
    for (const path of modes(copy).keys()) chmodSync(join(copy.home, path), 0o644);
    const found = openFiles(copy, at).map(({ what }) => what);
    for (const name of PERSONS) {
      expect(
        found.filter((what) => what.includes(` of ${name} can be read by other`)),
      ).toHaveLength(1);
    }
    openFiles(copy, { ...at, mends: true });
    expect(openFiles(copy, at)).toEqual([]);
  });

  it('are for their owner alone where the umask says so', () => {
    const copy = temporaryLake();
    cpSync(join(lake.home, 'zones', 'landing'), join(copy.home, 'zones', 'landing'), {
      recursive: true,
    });
    const script = fileURLToPath(new URL('../scripts/adlake.mjs', import.meta.url));
    const argv = ['landing-to-raw', '--lake', copy.home, '--dataset', 'campaigns'];
    const command = ['umask 077; exec "$@"', 'sh', process.execPath, script, ...argv];
    const { status } = spawnSync('sh', ['-c', ...command], { cwd: copy.home, env: ALLOWED });
    expect(status).toBe(0);
    const made = [...modes(copy)].filter(([path]) => !path.startsWith('zones/landing'));
    expect(made.length).toBeGreaterThan(3);
    expect(made.filter(([, mode]) => mode !== 0o600)).toEqual([]);
  });
});

describe('a dataset', () => {
  it.each(DATASETS.map(({ name }) => name))(
    'is private just when its contracts say that it is about persons: %s',
    (name) => {
      const kinds = ['raw', 'staging'].flatMap((zone) => {
        const { schema } = contractAt(`${zone}/${name}.schema.json`);
        return Object.values((schema as { 'x-personal': Record<string, string> })['x-personal']);
      });
      const isAboutPersons = kinds.some((kind) => ['key', 'trail', 'person'].includes(kind));
      expect(PERSONS.includes(name)).toBe(isAboutPersons);
    },
  );
});
