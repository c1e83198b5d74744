import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { silent } from '../../src/progress.ts';
import { runQuery } from '../../src/query/query.ts';
import { runStages, type StageReport } from '../../src/run.ts';
import { type Sandbox, sandboxFxRates } from '../../src/sandbox/index.ts';
import { dropDir, type Lake } from '../../src/zone.ts';
import { curator } from './curated-lake.ts';
import { type ExtractSketch, pull } from './extract.ts';

/** Pulls a day from a sandbox and takes it through all stages: to all tables, or to those named alone. */
export async function pullAndRun(
  sandbox: Sandbox,
  sketch: ExtractSketch,
  tables?: readonly string[],
): Promise<readonly StageReport[]> {
  await pull(sandbox, sketch);
  mkdirSync(dropDir(sketch.lake, 'fx_rates'), { recursive: true });
  const rates = sandboxFxRates('2026-07-01', sketch.today);
  writeFileSync(join(dropDir(sketch.lake, 'fx_rates'), 'sandbox.csv'), rates);
  if (tables === undefined) return runAll(sketch.lake);
  const reports = await stageAll(sketch.lake);
  await curator(sketch.lake)({ tables });
  return reports;
}

/**
 * Runs every stage after landing. Without threads, which load and warm up all anew for each run:
 * `test/task/threads.test.ts` holds that they give the same.
 */
export function runAll(lake: Lake): Promise<readonly StageReport[]> {
  return runStages({ lake, selection: {}, progress: silent, threads: 0 });
}

/** Runs the stages up to staging, for a test that asks no table. */
export function stageAll(lake: Lake): Promise<readonly StageReport[]> {
  const stages = ['landing-to-raw', 'raw-to-staging'] as const;
  return runStages({ lake, selection: {}, progress: silent, stages, threads: 0 });
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
