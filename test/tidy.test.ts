import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../src/contract.ts';
import { EXIT_CODES } from '../src/errors.ts';
import { DATASETS } from '../src/pipeline.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const sources = filesBelow('src').filter((path) => path.endsWith('.ts'));
const models = filesBelow('src/sql/curated').map(
  (path) => /([a-z_0-9]+)\.sql$/.exec(path)?.[1] ?? '',
);
const golden = filesBelow('test/golden');

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function hasHeading(name: string): boolean {
  return new RegExp(`^#+ .*\`${name}\``, 'm').test(readme);
}

describe('a dataset has one name in five places', () => {
  it.each(DATASETS.map((dataset) => dataset.name))('%s', (name) => {
    expect(filesBelow('schemas/raw')).toContain(`schemas/raw/${name}.schema.json`);
    expect(filesBelow('schemas/staging')).toContain(`schemas/staging/${name}.schema.json`);
    expect(
      golden.some((path) => path.includes(`/expected/raw/`) && path.includes(`/${name}/`)),
    ).toBe(true);
    expect(
      golden.some((path) => path.includes(`/expected/staging/`) && path.includes(`/${name}/`)),
    ).toBe(true);
    expect(hasHeading(name), `the README has no heading for ${name}`).toBe(true);
  });

  it.each(models)('curated model %s', (name) => {
    expect(filesBelow('schemas/curated')).toContain(`schemas/curated/${name}.schema.json`);
    expect(golden.some((path) => path.includes(`/expected/curated/`) && path.includes(name))).toBe(
      true,
    );
    expect(hasHeading(name), `the README has no heading for ${name}`).toBe(true);
  });

  it('and no schema is left over', () => {
    const known = new Set([...DATASETS.map((dataset) => dataset.name), ...models]);
    const names = ['raw', 'staging', 'curated']
      .flatMap((zone) => filesBelow(`schemas/${zone}`))
      .map((path) => /([a-z_0-9]+)\.schema\.json$/.exec(path)?.[1] ?? path);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('and every column says what it means', () => {
    const silent = ['staging', 'curated'].flatMap((zone) =>
      filesBelow(`schemas/${zone}`).flatMap((path) => {
        const { properties } = contractAt(path.replace('schemas/', ''));
        return Object.entries(properties)
          .filter(([, property]) => (property.description ?? '') === '')
          .map(([name]) => `${path}: ${name}`);
      }),
    );
    expect(silent).toEqual([]);
  });
});

describe('the README', () => {
  it.each(Object.keys(EXIT_CODES))('explains the error code %s', (code) => {
    expect(readme).toContain(`\`${code}\``);
  });

  it('names every command', () => {
    const commands = filesBelow('src/cli').flatMap((path) =>
      [...textOf(path).matchAll(/\.command\('([a-z-]+)/g)].map((m) => m[1]),
    );
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((command) => !readme.includes(`${command}`))).toEqual([]);
  });

  it('names every setting', () => {
    const settings = [...textOf('.env.example').matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(
      (m) => m[1] ?? '',
    );
    expect(settings.length).toBeGreaterThan(12);
    expect(settings.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the code', () => {
  it('reads the environment in one place', () => {
    const readers = sources.filter((path) => /process\.env\b/.test(textOf(path)));
    expect(readers).toEqual(['src/config.ts']);
  });

  it('knows where it lies in one place, and where its threads are in another', () => {
    const askers = sources.filter((path) => textOf(path).includes('import.meta'));
    expect(askers).toEqual(['src/checkout.ts', 'src/task/threads.ts']);
  });

  it('does no arithmetic with Date', () => {
    const arithmetic =
      /Date\.(parse|UTC)\(|new Date\((?!0?\))|\.(get|set)(UTC)?(Time|Date|Month|Hours|FullYear)\(/;
    expect(sources.filter((path) => arithmetic.test(textOf(path)))).toEqual([]);
  });

  it('sets exit codes and reads arguments in cli.ts alone', () => {
    const offenders = sources.filter((path) =>
      /process\.(argv|exitCode|exit\()/.test(textOf(path)),
    );
    expect(offenders.filter((path) => path !== 'src/cli.ts')).toEqual([]);
  });

  it('keeps the sandbox out of the pipeline', () => {
    const importers = sources.filter(
      (path) =>
        !path.startsWith('src/sandbox/') &&
        /from '[^']*sandbox\/|import\('[^']*sandbox\//.test(textOf(path)),
    );
    expect(
      importers.every((path) => path.startsWith('src/commands/')),
      importers.join(),
    ).toBe(true);
  });

  it('documents everything it exports', () => {
    const undocumented = sources.flatMap((path) => {
      const lines = textOf(path).split('\n');
      return lines
        .map((line, index) => ({ line, before: lines[index - 1] ?? '', index }))
        .filter(({ line }) =>
          /^export (async )?(function|const|class|interface|type|abstract)/.test(line),
        )
        .filter(({ before }) => !/\*\/\s*$/.test(before))
        .map(({ line, index }) => `${path}:${index + 1} ${line}`);
    });
    expect(undocumented).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = /\/(utils?|helpers?|common|core|lib|services?|manager)(\/|\.ts)/;
    expect(sources.filter((path) => drawers.test(`/${path}`))).toEqual([]);
  });

  it('stays within 60 lines a function and has no import cycle, by the linter', () => {
    const rules = textOf('biome.json');
    expect(rules).toContain('"maxLines": 60');
    expect(rules).toContain('"noImportCycles": "error"');
  });
});

describe('a test', () => {
  const tests = filesBelow('test').filter((path) => path.endsWith('.test.ts'));

  it('is not about how long something took: a busy machine takes its time', () => {
    const timed = tests.filter((path) => /performance\.now\(|Date\.now\(/.test(textOf(path)));
    expect(timed).toEqual(['test/sandbox/fault.test.ts', 'test/sandbox/purity.test.ts']);
  });

  it('that is named by the order of tests is there', () => {
    const named = textOf('vitest.config.ts').match(/test\/[\w/-]+\.test\.ts/g) ?? [];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !tests.includes(path))).toEqual([]);
  });
});

describe('the top level', () => {
  it('has the six folders and no other', () => {
    const hidden = new Set(['node_modules', '.git', '.ci', 'coverage']);
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !hidden.has(entry.name))
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual(['cache', 'schemas', 'scripts', 'src', 'test', 'zones']);
  });

  it('pins every dependency exactly', () => {
    const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });
});
