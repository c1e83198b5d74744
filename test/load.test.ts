import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const made: string[] = [];
/** A checkout that has started once; for tests that change nothing in it. */
let started: string;

beforeAll(() => {
  started = checkout();
  start(started, '--help');
  made.splice(0);
});

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(started, { recursive: true, force: true }));

/** A checkout of its own, with a `node_modules` of its own that leads to the packages of this one. */
function checkout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'adlake-load-'));
  made.push(copy);
  for (const name of ['src', 'schemas', 'scripts', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  return copy;
}

function start(copy: string, ...argv: readonly string[]) {
  const lake = mkdtempSync(join(tmpdir(), 'adlake-load-lake-'));
  made.push(lake);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(copy, 'scripts', 'adlake.mjs'), ...argv],
    { cwd: lake, encoding: 'utf8', env: { HOME: lake, PROJECT_ROOT: lake } },
  );
  return { status, stdout, stderr };
}

function cacheOf(copy: string): string {
  return join(copy, 'node_modules', '.cache', 'adlake');
}

function compiledIn(copy: string): readonly string[] {
  if (!existsSync(cacheOf(copy))) return [];
  return readdirSync(cacheOf(copy)).filter((name) => name !== 'v8');
}

/** Bytes of a compiled module and of all that it imports before it runs. */
function bytesBefore(folder: string, name: string, seen = new Set<string>()): number {
  if (seen.has(name)) return 0;
  seen.add(name);
  const text = readFileSync(join(folder, name), 'utf8');
  const imported = [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)];
  const before = imported.map((match) => bytesBefore(folder, match[1] ?? '', seen));
  return before.reduce((sum, bytes) => sum + bytes, statSync(join(folder, name)).size);
}

describe('a start of adlake', () => {
  it('compiles src/ once, and starts from that the next time', () => {
    const copy = checkout();
    const first = start(copy, '--help');
    const [folder] = compiledIn(copy);
    const made = statSync(join(cacheOf(copy), folder ?? '', 'cli.mjs')).mtimeMs;
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(start(copy, '--help')).toEqual(first);
    expect(compiledIn(copy)).toEqual([folder]);
    expect(statSync(join(cacheOf(copy), folder ?? '', 'cli.mjs')).mtimeMs).toBe(made);
  });

  it('runs what is in src/ now: a change counts at once, and what nobody uses any more goes', () => {
    const copy = checkout();
    start(copy, '--help');
    const [before = ''] = compiledIn(copy);
    utimesSync(join(cacheOf(copy), before), 1_700_000_000, 1_700_000_000);
    appendFileSync(join(copy, 'src', 'cli.ts'), "\nprocess.stdout.write('changed\\n');\n");
    expect(start(copy, '--help').stdout).toMatch(/^changed\n/);
    expect(compiledIn(copy)).toHaveLength(1);
    expect(compiledIn(copy)).not.toContain(before);
  });

  it('can happen twice at once', async () => {
    const copy = checkout();
    const ends = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, [join(copy, 'scripts', 'adlake.mjs'), '--help']);
      return new Promise((resolve) => child.once('exit', resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    expect(compiledIn(copy)).toHaveLength(1);
    expect(compiledIn(copy)[0]).not.toContain('unfinished');
  });

  it('finds contracts and SQL of its own checkout', () => {
    const copy = checkout();
    const { status, stdout, stderr } = start(copy, 'sql', 'select count(*) as n from campaign_day');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'n\n0\n', stderr: '' });
    rmSync(join(copy, 'schemas', 'config.schema.json'));
    expect(start(copy, 'status').stderr).toContain('schemas/config.schema.json cannot be used');
  });

  it('shows lines of src/ with --debug', () => {
    const { stderr } = start(started, 'sql', 'select nonsense', '--debug');
    expect(stderr).toMatch(/\/src\/query\/query\.ts:\d+:\d+\)/);
    expect(stderr).not.toContain('.mjs:1:');
  });

  it.each([
    ['the cache cannot be written', (copy: string) => writeFileSync(cacheFolder(copy), '')],
    [
      'node_modules is a link',
      (copy: string) => {
        rmSync(join(copy, 'node_modules'), { recursive: true });
        symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
      },
    ],
  ])('works as well when %s', (_, spoil) => {
    const copy = checkout();
    spoil(copy);
    const { status, stdout, stderr } = start(copy, '--help', '--debug');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: adlake');
    expect(stderr).toContain('Not compiled, running through tsx: ');
    expect(start(copy, '--help')).toMatchObject({ status: 0, stdout, stderr: '' });
  });

  it('reads no more than the command line for --help', () => {
    const [folder = ''] = compiledIn(started);
    expect(bytesBefore(join(cacheOf(started), folder), 'cli.mjs')).toBeLessThan(100_000);
  });
});

function cacheFolder(copy: string): string {
  return join(copy, 'node_modules', '.cache');
}
