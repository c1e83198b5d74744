import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { silent } from '../../src/progress.ts';
import { runQuery } from '../../src/query/query.ts';
import { runStages, type StageReport } from '../../src/run.ts';
import { type Sandbox, sandboxFxRates } from '../../src/sandbox/index.ts';
import { dropDir, type Lake } from '../../src/zone.ts';
import { type ExtractSketch, pull } from './extract.ts';

/** Pulls a day from a sandbox and takes it through all stages. */
export async function pullAndRun(
  sandbox: Sandbox,
  sketch: ExtractSketch,
): Promise<readonly StageReport[]> {
  await pull(sandbox, sketch);
  mkdirSync(dropDir(sketch.lake, 'fx_rates'), { recursive: true });
  const rates = sandboxFxRates('2026-07-01', sketch.today);
  writeFileSync(join(dropDir(sketch.lake, 'fx_rates'), 'sandbox.csv'), rates);
  return runAll(sketch.lake);
}

/** Runs every stage after landing. */
export function runAll(lake: Lake): Promise<readonly StageReport[]> {
  return runStages({ lake, selection: {}, progress: silent });
}

/** SHA-256 of every file below the given zones, by path. */
export function fingerprints(
  lake: Lake,
  zones: readonly string[],
): Readonly<Record<string, string>> {
  const files = zones.flatMap((zone) => {
    const folder = join(lake.home, 'zones', zone);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  });
  return Object.fromEntries(
    files
      .sort()
      .map((path) => [
        relative(lake.home, path),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
}

/** Rows of a query over the curated tables; every value as DuckDB's JSON gives it. */
export async function rowsOf(lake: Lake, sql: string): Promise<readonly Record<string, unknown>[]> {
  const answer = await runQuery(lake, sql, { format: 'json', maxRows: 1_000_000 });
  return JSON.parse(answer.text) as Record<string, unknown>[];
}

/** What is remembered of finished tasks: the files of `cache/tasks` by name. */
export function taskMemory(lake: Lake): Readonly<Record<string, string>> {
  const folder = join(lake.home, 'cache', 'tasks');
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
