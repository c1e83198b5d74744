import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Guard } from './defence.ts';

/** How a test ended: `red` when something in it was not as it should be, with the first line of why. */
export type Ended =
  | { readonly kind: 'green' }
  | { readonly kind: 'red'; readonly why: string }
  /** It did not run, or could not: the code does not load, or no test has this name. */
  | { readonly kind: 'none'; readonly why: string };

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly name: string;
    readonly message: string;
    readonly assertionResults: ReadonlyArray<{
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }>;
  }>;
}

/**
 * Runs the guards, and no other test, in a copy of the project; gives how each ended, in their order. With
 * `mayHang` running out of time counts as red.
 */
export async function runGuards(
  folder: string,
  guards: readonly Guard[],
  mayHang = false,
): Promise<readonly Ended[]> {
  const output = join(folder, 'guards.json');
  const files = [...new Set(guards.map(({ file }) => file))];
  const names = guards.map(({ test }) => test.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const said = await vitest(folder, [
    'run',
    '--reporter=json',
    `--outputFile=${output}`,
    '--maxWorkers=1',
    ...(mayHang ? [`--testTimeout=${HUNG_MILLISECONDS}`] : []),
    `-t=${names.join('|')}`,
    ...files,
  ]);
  const report = reportIn(output);
  return guards.map((guard) =>
    report === null
      ? { kind: 'none', why: said.slice(-500) }
      : endOf(report, { folder, guard, mayHang }),
  );
}

/** A guard that may hang ends in a second or two where nothing is missing. */
const HUNG_MILLISECONDS = 15_000;

function endOf(
  report: Report,
  of: { readonly folder: string; readonly guard: Guard; readonly mayHang: boolean },
): Ended {
  const { folder, guard } = of;
  const file = report.testResults.find(({ name }) => relative(folder, name) === guard.file);
  const tests = (file?.assertionResults ?? []).filter(
    ({ fullName, status }) => fullName.includes(guard.test) && status !== 'skipped',
  );
  const failed = tests.find(({ status }) => status === 'failed');
  const why = (failed?.failureMessages[0] ?? file?.message ?? '').split('\n')[0] ?? '';
  if (/^(SyntaxError|ReferenceError)/.test(why)) return { kind: 'none', why };
  if (!of.mayHang && /Test timed out/.test(why)) return { kind: 'none', why };
  if (failed !== undefined) return { kind: 'red', why };
  if (tests.length > 0) return { kind: 'green' };
  return { kind: 'none', why: why || `no test of ${guard.file} is called “${guard.test}”` };
}

function reportIn(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return null;
  }
}

/** With no setting of a vitest that this runs in. Gives what it said. */
function vitest(folder: string, argv: readonly string[]): Promise<string> {
  const script = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...argv], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'Pacific/Kiritimati' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}
