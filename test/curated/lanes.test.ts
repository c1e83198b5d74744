import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lanesOf } from '../../src/curated/lanes.ts';
import { type Engine, openEngine } from '../../src/duckdb/duckdb.ts';

describe('lanes', () => {
  let engine: Engine;
  let connections: readonly DuckDBConnection[];

  beforeAll(async () => {
    engine = await openEngine({ threads: 1, memory: '100MB', spillInto: null });
    connections = [engine.connection, await engine.connect()];
  });

  afterAll(() => engine.close());

  it('are each used by one at a time, by whoever asked first', async () => {
    const lanes = lanesOf(connections);
    const inUse = new Set<DuckDBConnection>();
    const begun: number[] = [];
    const mostAtOnce: number[] = [];
    const works = [0, 1, 2, 3, 4].map((number) =>
      lanes.use(async (connection) => {
        expect(inUse.has(connection)).toBe(false);
        inUse.add(connection);
        begun.push(number);
        mostAtOnce.push(inUse.size);
        await connection.run('select count(*) from range(1000)');
        inUse.delete(connection);
      }),
    );
    await Promise.all(works);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(Math.max(...mostAtOnce)).toBe(lanes.size);
  });

  it('are free again when the work failed', async () => {
    const lanes = lanesOf(connections.slice(0, 1));
    const failing = lanes.use((connection) => connection.run('select no_such_column'));
    await expect(failing).rejects.toThrow('no_such_column');
    await expect(lanes.use(async () => 'done')).resolves.toBe('done');
  });
});
