import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly link?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = read('package.json') as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
const { packages } = read('package-lock.json') as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

/** Licences that ask for no more than to be named. */
const PERMISSIVE = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'Unlicense', 'WTFPL', 'MIT-0', 'MIT/X11', 'Python-2.0', 'Zlib'],
]);

/** Tools of development that nobody who runs adlake needs, and why they may stay. */
const TOOLS: Readonly<Record<string, string>> = {
  'facebook-nodejs-business-sdk': "Meta's own client: tests hold the sandbox against it",
  'email-validator': 'comes with it; its own files say Unlicense, its package.json says nothing',
  lightningcss: 'comes with vitest, unchanged; MPL asks for changes to its own files to be shared',
};

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function isPermissive(license: string): boolean {
  const choices = license.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((each) => PERMISSIVE.has(each)));
}

function isTool([path, { dev }]: readonly [string, Locked]): boolean {
  return dev === true && Object.keys(TOOLS).some((tool) => nameOf(path).startsWith(tool));
}

describe('what adlake is built on', () => {
  it('is pinned to exact versions', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    const loose = Object.entries(wanted).filter(
      ([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('is in the lock in just these versions', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    const others = Object.entries(wanted).filter(
      ([name, version]) => packages[`node_modules/${name}`]?.version !== version,
    );
    expect(others).toEqual([]);
  });

  it('comes from the package registry that is set up, and from no address of its own', () => {
    const elsewhere = locked.filter(
      ([, { resolved, link }]) => link === true || resolved !== undefined,
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });

  it('has permissive licences', () => {
    const others = locked.filter(
      (entry) => !isTool(entry) && !isPermissive(entry[1].license ?? 'none'),
    );
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  it('runs an install script only where that was decided', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(
      scripted.map(([path]) => nameOf(path)).filter((name) => !(name in manifest.allowScripts)),
    ).toEqual([]);
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    expect(allowed.map(([name]) => name)).toEqual(['better-sqlite3']);
  });
});
