import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BackupManifest, MANIFEST } from '../../src/backup/manifest.ts';
import type { Lake } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

/** Landed once: each answer is synced to the disk, which a copy of it need not be. */
const landed = keptLake();
let lake: Lake;
let elsewhere: string;

beforeAll(() => landGoldenWorld(landed));

beforeEach(() => {
  lake = temporaryLake();
  elsewhere = temporaryLake().home;
  cpSync(landed.home, lake.home, { recursive: true });
});

function landing(of: Lake): Readonly<Record<string, string>> {
  return fingerprints(of, ['landing']);
}

async function backUp(target: string): Promise<void> {
  expect(await adlake(['backup', target, '--lake', lake.home])).toMatchObject({ exitCode: 0 });
}

function aFileOf(of: string): string {
  const manifest = JSON.parse(readFileSync(join(of, MANIFEST), 'utf8')) as BackupManifest;
  return manifest.files.find(({ path }) => path.includes('page-'))?.path ?? '';
}

describe.each(['folder', 'archive.tar.gz'])('a backup in a %s', (name) => {
  it('brings all of landing back, byte for byte', async () => {
    await backUp(join(elsewhere, name));
    const other = temporaryLake();
    const restored = await adlake(['restore', join(elsewhere, name), '--lake', other.home]);
    expect(restored.exitCode).toBe(0);
    expect(landing(other)).toEqual(landing(lake));
  });

  it('brings back what was lost, and leaves alone what is there', async () => {
    const before = landing(lake);
    await backUp(join(elsewhere, name));
    const [lost = ''] = Object.keys(before);
    rmSync(join(lake.home, lost));
    const argv = ['restore', join(elsewhere, name), '--lake', lake.home, '--json'];
    const { stdout } = await adlake(argv);
    const files = Object.keys(before).length;
    expect(JSON.parse(stdout)).toMatchObject({ files, alreadyThere: files - 1 });
    expect(landing(lake)).toEqual(before);
  });

  it('stops before it writes when the lake has other bytes for a file', async () => {
    await backUp(join(elsewhere, name));
    const other = temporaryLake();
    const [path = ''] = Object.keys(landing(lake)).slice(-1);
    mkdirSync(join(other.home, path, '..'), { recursive: true });
    writeFileSync(join(other.home, path), 'changed');
    const found = await adlake(['restore', join(elsewhere, name), '--lake', other.home]);
    expect(found).toMatchObject({ exitCode: 74, stderr: expect.stringContaining(path) });
    expect(Object.keys(landing(other))).toEqual([path]);
  });
});

describe('a backup in a folder', () => {
  it('copies only what it lacks the next time', async () => {
    const target = join(elsewhere, 'folder');
    await backUp(target);
    rmSync(join(target, aFileOf(target)));
    const { stdout } = await adlake(['backup', target, '--lake', lake.home, '--json']);
    const { files, alreadyThere } = JSON.parse(stdout) as { files: number; alreadyThere: number };
    expect(alreadyThere).toBe(files - 1);
  });

  it('that was changed or never finished is not restored', async () => {
    const target = join(elsewhere, 'folder');
    await backUp(target);
    const other = temporaryLake();
    writeFileSync(join(target, aFileOf(target)), '{"data":[]}');
    expect((await adlake(['restore', target, '--lake', other.home])).exitCode).toBe(74);
    rmSync(join(target, MANIFEST));
    expect((await adlake(['restore', target, '--lake', other.home])).stderr).toContain('finished');
    expect(landing(other)).toEqual({});
  });

  it.each(['../escaped.json', 'zones/landing/../../escaped.json', 'zones/raw/x.json', '/etc/x'])(
    'that names %s is refused',
    async (path) => {
      const target = join(elsewhere, 'folder');
      mkdirSync(target);
      const files = [{ path, bytes: 1, sha256: '00' }];
      writeFileSync(join(target, MANIFEST), JSON.stringify({ format: 1, made_at: '', files }));
      const found = await adlake(['restore', target, '--lake', temporaryLake().home]);
      expect(found).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('no file') });
    },
  );
});

describe('an archive', () => {
  it('with a link in it is not restored through the link', async () => {
    const target = join(elsewhere, 'folder');
    await backUp(target);
    const path = aFileOf(target);
    const outside = join(elsewhere, 'outside.json');
    cpSync(join(target, path), outside);
    rmSync(join(target, path));
    symlinkSync(outside, join(target, path));
    const file = join(elsewhere, 'linked.tar.gz');
    await create({ file, cwd: target, gzip: true }, [MANIFEST, 'zones']);
    const other = temporaryLake();
    const found = await adlake(['restore', file, '--lake', other.home]);
    expect(found).toMatchObject({ exitCode: 74, stderr: expect.stringContaining(path) });
    expect(landing(other)).toEqual({});
  });

  it('that is cut short is not restored', async () => {
    const file = join(elsewhere, 'a.tar.gz');
    await backUp(file);
    writeFileSync(file, readFileSync(file).subarray(0, 3000));
    const found = await adlake(['restore', file, '--lake', temporaryLake().home]);
    expect(found).toMatchObject({ exitCode: 74 });
  });
});

describe('a backup', () => {
  it('is not made inside the lake, and not of an empty one', async () => {
    const inside = await adlake(['backup', join(lake.home, 'backup'), '--lake', lake.home]);
    expect(inside).toMatchObject({ exitCode: 78, stderr: expect.stringContaining('inside') });
    const empty = await adlake(['backup', elsewhere, '--lake', temporaryLake().home]);
    expect(empty).toMatchObject({ exitCode: 78, stderr: expect.stringContaining('Nothing') });
  });

  it('refuses a link in landing, which would take something else along', async () => {
    symlinkSync('/etc/hostname', join(lake.home, 'zones', 'landing', 'link'));
    const found = await adlake(['backup', join(elsewhere, 'b'), '--lake', lake.home]);
    expect(found).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('link') });
  });
});
