import type { DuckDBConnection } from '@duckdb/node-api';

/** Connections to one engine, each for a statement at a time. */
export interface Lanes {
  /** How many there are. */
  readonly size: number;
  /**
   * Does something with a lane of its own, as soon as one is free; first come, first served. The work must
   * not ask for a second one: it could wait for itself.
   */
  readonly use: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
}

/** Lanes over these connections, of which there is at least one. */
export function lanesOf(connections: readonly DuckDBConnection[]): Lanes {
  const free = [...connections];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  const take = async (): Promise<DuckDBConnection> =>
    free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  const give = (connection: DuckDBConnection): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  };
  return {
    size: connections.length,
    use: async (work) => {
      const connection = await take();
      try {
        return await work(connection);
      } finally {
        give(connection);
      }
    },
  };
}
