// Runs one adlake command with all arguments of this script, and ends as it ends.
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';

const adlake = fileURLToPath(new URL('adlake.mjs', import.meta.url));

/** Runs `adlake <command>` with these and this process's arguments, its input, output and exit code. */
export async function passOn(command, ...more) {
  const child = $({ stdio: 'inherit', detached: false, nothrow: true, verbose: false })`${[
    process.execPath,
    adlake,
    command,
    ...more,
    ...process.argv.slice(2),
  ]}`;
  // Ctrl-C reaches the child by itself; a signal sent to this process alone does not.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.child?.kill('SIGTERM'));
  const { exitCode, signal } = await child;
  process.exitCode = exitCode ?? 128 + (constants.signals[signal] ?? 0);
}
