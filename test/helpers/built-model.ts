import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowsOf } from '../../src/duckdb.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { closeWorkspace, type InputFile, inWorkspace } from '../../src/workspace.ts';
import { zoneDir } from '../../src/zone.ts';
import { putStaging, type StagingFiles } from './curated-lake.ts';

/** A row as the engine gives it: decimals and 64-bit integers are text. */
export type BuiltRow = Readonly<Record<string, unknown>>;

/** Asks curated tables (`curated.<name>` in the statement) that are built from staging rows alone. */
export async function builtRows(files: StagingFiles, sql: string): Promise<readonly BuiltRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-built-'));
  const names = [...sql.matchAll(/curated\.([a-z_]+)/g)].map(([, name = '']) => name);
  try {
    putStaging({ home }, files);
    return await inWorkspace({ home }, async ({ engine, build }) => {
      for (const name of names) {
        await build({ layer: 'curated', name }, (dataset) => inputsOf(home, dataset));
      }
      return rowsOf(engine.connection, sql);
    });
  } finally {
    closeWorkspace();
    rmSync(home, { recursive: true, force: true });
  }
}

function inputsOf(home: string, name: string): readonly InputFile[] {
  const dataset = DATASETS.find((one) => one.name === name);
  const folder = join(zoneDir({ home }, 'staging'), dataset?.platform ?? '', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.csv'))
    .sort()
    .map((path) => ({ path: join(folder, path), name: path, sha256: `${home} ${path}` }));
}
