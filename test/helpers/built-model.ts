import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../src/curated/table.ts';
import { rowsOf } from '../../src/duckdb/duckdb.ts';
import { tablesIn, withAncestors } from '../../src/model.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import type { StageContext } from '../../src/stage.ts';
import { stagingToCurated } from '../../src/stages/staging-to-curated.ts';
import { closeIdle, inWorkspace } from '../../src/workspace.ts';
import { putStaging, type StagingFiles } from './curated-lake.ts';

/** A row as the engine gives it: decimals and 64-bit integers are text. */
export type BuiltRow = Readonly<Record<string, unknown>>;

/**
 * Asks tables (`curated.<name>` in the statement, or another layer) that the stage makes of staging rows
 * alone, in a lake of their own.
 */
export async function builtRows(files: StagingFiles, sql: string): Promise<readonly BuiltRow[]> {
  const lake = { home: mkdtempSync(join(tmpdir(), 'adlake-built-')) };
  const tables = tablesIn(sql);
  const made = tables.flatMap(withAncestors).filter(({ layer }) => layer === 'curated');
  const names = new Set(made.map(({ name }) => name));
  const context: StageContext = {
    lake,
    datasets: DATASETS,
    selection: {},
    progress: silent,
    outputsOf: () => [],
    fingerprintOf: () => null,
    memoryOf: () => null,
  };
  try {
    putStaging(lake, files);
    for (const task of await stagingToCurated.plan(context)) {
      if (names.has(task.dataset)) await stagingToCurated.execute(context, task);
    }
    return await inWorkspace(context, async (workspace) => {
      for (const table of tables) await build(workspace, table);
      return workspace.lanes.use((connection) => rowsOf(connection, sql));
    });
  } finally {
    closeIdle();
    rmSync(lake.home, { recursive: true, force: true });
  }
}
