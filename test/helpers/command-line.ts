import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCli } from '../../src/cli.ts';

/** What a command line gave. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder: no `.env` of the person who runs the tests counts. */
const CWD = mkdtempSync(join(tmpdir(), 'adlake-cwd-'));

/** Runs a command line in this process, as in a pipe, with these settings and no others; `input` is piped in. */
export async function adlake(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const exitCode = await runCli(argv, {
    stdin: () => Readable.from([input]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    onStop: () => () => {},
    cwd: CWD,
    env,
  });
  return { exitCode, ...written };
}
