import type { DuckDBConnection } from '@duckdb/node-api';
import type { Workspace } from '../workspace.ts';

/** For a month of an account, or a table, that is larger than most. */
const MOST_MEMORY = '4GB';

/** After so many rows, what is left over is worth giving back. */
export const TRIMMED_ROWS = 16_384;

/**
 * Has the engine give memory that it does not use any more back to the system. It does so on its own only in
 * threads of its own, which it does not have when a statement has one thread; but also whenever it is told
 * its limit (1.5.6). Without this, a million ad-days held 930 MB where 550 MB are enough.
 */
export async function trim(workspace: Workspace, connection: DuckDBConnection): Promise<void> {
  await connection.run(`set memory_limit = '${workspace.memory.limit}'`);
}

/** Does something with room for more than the engine has otherwise. */
export async function withMoreMemory<T>(workspace: Workspace, work: () => Promise<T>): Promise<T> {
  const { limit } = workspace.memory;
  workspace.memory.limit = MOST_MEMORY;
  const apply = (): Promise<void> =>
    workspace.lanes.use((connection) => trim(workspace, connection));
  await apply();
  try {
    return await work();
  } finally {
    workspace.memory.limit = limit;
    await apply().catch(() => {});
  }
}
