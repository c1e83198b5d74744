import type { DuckDBConnection } from '@duckdb/node-api';
import type { Workspace } from '../workspace.ts';

/** For a month of an account, or a file, that is larger than most: it is held a buffer of its own size at a time. */
const MOST_MEMORY = '4GB';

/** After so many rows, what is left over is worth giving back. */
export const TRIMMED_ROWS = 16_384;
/** The same for tables that stand between, which are many and have few columns. */
export const LARGE_ROWS = 100_000;

/**
 * Has the engine give memory that it does not use any more back to the system. It does so on its own only in
 * threads of its own, which it does not have when a statement has one thread; but also whenever it is told
 * its limit (1.5.6). Without this, a million ad-days held 930 MB where 550 MB are enough.
 */
export async function trim(workspace: Workspace, connection: DuckDBConnection): Promise<void> {
  await connection.run(`set memory_limit = '${limitOf(workspace)}'`);
}

/**
 * Does something; when that takes more memory than the engine has, does it again, or what is told for then, with
 * more. The engine has that until all who need it are done.
 */
export async function withRoom<T>(
  workspace: Workspace,
  work: () => Promise<T>,
  again: () => Promise<T> = work,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !/out of memory/i.test(error.message)) throw error;
  }
  const { memory, lanes } = workspace;
  memory.inNeed++;
  try {
    await lanes.use((connection) => trim(workspace, connection));
    return await again();
  } finally {
    memory.inNeed--;
    await lanes.use((connection) => trim(workspace, connection)).catch(() => {});
  }
}

function limitOf({ memory }: Workspace): string {
  return memory.inNeed > 0 ? MOST_MEMORY : memory.limit;
}
