import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, rowsOf } from '../../src/duckdb.ts';
import { viewStatements } from '../../src/views.ts';
import { closeWorkspace } from '../../src/workspace.ts';
import { curator, putStaging, type StagingFiles } from './curated-lake.ts';

/** A row as the engine gives it: decimals and 64-bit integers are text. */
export type BuiltRow = Readonly<Record<string, unknown>>;

/** Asks curated tables (`curated.<name>` in the statement) that are made from staging rows alone. */
export async function builtRows(files: StagingFiles, sql: string): Promise<readonly BuiltRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-built-'));
  const datasets = [...sql.matchAll(/curated\.([a-z_]+)/g)].map(([, name = '']) => name);
  const engine = await openEngine({ threads: 1, memory: '500MB', spillInto: null });
  try {
    putStaging({ home }, files);
    await curator({ home })({ datasets });
    await engine.connection.run("create schema curated; set schema = 'curated'");
    for (const statement of viewStatements({ home })) await engine.connection.run(statement);
    return await rowsOf(engine.connection, sql);
  } finally {
    engine.close();
    closeWorkspace();
    rmSync(home, { recursive: true, force: true });
  }
}
