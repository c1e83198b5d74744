import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/errors.ts';
import { readme, sectionOf } from './helpers/readme.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('what the README says', () => {
  it('of columns is what the contracts say: the data dictionary is current', () => {
    const script = join(root, 'scripts/dictionary.mjs');
    const check = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('of error codes is what the code has, with the same exit code', () => {
    const table = sectionOf('Exit codes and errors');
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)];
    const documented = Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]));
    expect(documented).toEqual(EXIT_CODES);
    for (const exit of Object.values(EXIT_CODES)) expect(table).toContain(`\n| ${exit} | `);
  });

  it('of settings is what .env.example has, with the same defaults', () => {
    const rows = [...sectionOf('Settings').matchAll(/^\| `([A-Z_]+)` \| (.+?) \|/gm)];
    const documented = new Map(rows.map(([, name = '', value = '']) => [name, value]));
    const example = [...textOf('.env.example').matchAll(/^#? ?([A-Z_]+)=(.*)$/gm)];
    expect([...documented.keys()].sort()).toEqual(example.map(([, name]) => name).sort());
    for (const [, name = '', value = ''] of example) {
      expect(documented.get(name)?.replaceAll('`', '').startsWith(value), name).toBe(true);
    }
  });

  it('of commands is what the command line has, and the other way round', () => {
    const table = [...sectionOf('Commands').matchAll(/^\| `([a-z][a-z- ]+)` \| /gm)];
    const documented = table.map(([, name = '']) => name.split(' ').at(-1));
    const code = commandLine();
    const known = [...code.matchAll(/\.command\('([a-z-]+)/g)].map(([, n]) => n);
    const held = [...code.matchAll(/const \w+ = program\s*\.command\('([a-z-]+)/g)];
    const groups = held.map(([, name]) => name);
    expect(documented.sort()).toEqual(known.filter((name) => !groups.includes(name)).sort());
  });

  it('of options is what the command line has, and the other way round', () => {
    const options = new Set(commandLine().match(/'--[a-z][a-z-]+/g));
    const known = new Set([...options].map((option) => option.slice(1)));
    const named = new Set(readme.replaceAll(/npm .*/g, '').match(/(?<![\w-])--[a-z][a-z-]+/g));
    expect([...named].filter((option) => !known.has(option) && option !== '--help')).toEqual([]);
    const silent = new Set(['--json', '--debug', ...SANDBOX_OPTIONS]);
    expect([...known].filter((option) => !named.has(option) && !silent.has(option))).toEqual([]);
  });

  it('and CONTRIBUTING say of npm scripts is what package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object };
    const pages = readme + textOf('CONTRIBUTING.md');
    const named = [...pages.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('of other files and headings leads somewhere', () => {
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets
      .filter((target) => !target.startsWith('https://'))
      .filter((target) =>
        target.startsWith('#') ? !anchors().has(target.slice(1)) : !existsSync(join(root, target)),
      );
    expect(broken).toEqual([]);
  });
});

/** Explained in the sandbox's own page. */
const SANDBOX_OPTIONS = ['--seed', '--fault-rate'];

/** Headings as GitHub makes anchors of them. */
function anchors(): ReadonlySet<string> {
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The text of all families of commands. */
function commandLine(): string {
  const files = readdirSync(join(root, 'src', 'cli')).sort();
  return files.map((name) => textOf(join('src', 'cli', name))).join('\n');
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
