import type { Workspace } from '../workspace.ts';

/**
 * Does the work with so many threads of the engine for a statement. Two statements at a time with a thread
 * each take less than one after the other with two threads; and sums of floating-point numbers depend on
 * the order of their terms, which is always the same with one thread alone.
 */
export async function withThreads<T>(
  workspace: Workspace,
  threads: number,
  work: () => Promise<T>,
): Promise<T> {
  if (threads === workspace.threads) return work();
  const { connection } = workspace.engine;
  await connection.run(`set threads = ${threads}`);
  try {
    return await work();
  } finally {
    await connection.run(`set threads = ${workspace.threads}`);
  }
}
