import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, rowsOf } from '../../src/duckdb.ts';
import { viewStatements } from '../../src/views.ts';
import { closeWorkspace } from '../../src/workspace.ts';
import type { Lake } from '../../src/zone.ts';
import { curator, putStaging, type StagingFiles } from './curated-lake.ts';

/** A row as the engine gives it: decimals and 64-bit integers are text. */
export type BuiltRow = Readonly<Record<string, unknown>>;

/** Asks curated tables (`curated.<name>` in the statement) that are built from staging rows alone. */
export async function builtRows(files: StagingFiles, sql: string): Promise<readonly BuiltRow[]> {
  const lake = { home: mkdtempSync(join(tmpdir(), 'adlake-built-')) };
  const names = [...sql.matchAll(/curated\.([a-z_]+)/g)].map(([, name = '']) => name);
  try {
    putStaging(lake, files);
    await curator(lake)({ datasets: names });
    return await answer(lake, sql);
  } finally {
    closeWorkspace();
    rmSync(lake.home, { recursive: true, force: true });
  }
}

async function answer(lake: Lake, sql: string): Promise<readonly BuiltRow[]> {
  const engine = await openEngine({ threads: 2, memory: '1GB', spillInto: null });
  try {
    await engine.connection.run('create schema curated');
    await engine.connection.run('use curated');
    for (const statement of viewStatements(lake)) await engine.connection.run(statement);
    return await rowsOf(engine.connection, sql);
  } finally {
    engine.close();
  }
}
