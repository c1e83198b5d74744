import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { contractAt } from '../../src/contract.ts';
import { encodeCsv } from '../../src/csv.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import { addsUp, type Selection, type StageContext, type TaskOutcome } from '../../src/stage.ts';
import { stagingToCurated } from '../../src/stages/staging-to-curated.ts';
import { type Lake, stagingFile } from '../../src/zone.ts';

/** A staging row by column; columns that are left out are NULL. */
export type StagingRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows of one staging file: `<dataset>/<account>/<month>`, for example `campaigns/1/all`. */
export type StagingFiles = Readonly<Record<string, readonly StagingRow[]>>;

/** Writes staging files by hand, as raw-to-staging would. */
export function putStaging(lake: Lake, files: StagingFiles): void {
  for (const [address, rows] of Object.entries(files)) {
    const [name = '', account_id = '', month = ''] = address.split('/');
    const dataset = DATASETS.find((each) => each.name === name);
    if (dataset === undefined) throw new Error(`no dataset ${name}`);
    const path = stagingFile(lake, dataset, { account_id, month });
    const { columns } = contractAt(`staging/${name}.schema.json`);
    const wrong = rows.flatMap(Object.keys).find((key) => !columns.includes(key));
    if (wrong !== undefined) throw new Error(`${name} has no column ${wrong}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      encodeCsv(
        columns,
        rows.map((row) => columns.map((key) => row[key] ?? null)),
      ),
    );
  }
}

/** A row of insights with nothing on it: zero for every figure. */
export function quiet(more: StagingRow): StagingRow {
  return {
    account_id: '1',
    currency: 'USD',
    pulled_on: '2026-03-01',
    spend: '0',
    impressions: 0,
    reach: 0,
    clicks: 0,
    purchases: '0',
    purchase_value: '0',
    pixel_events: '{}',
    ...more,
  };
}

/** What a run of the stage did, task by task. */
export type Done = ReadonlyMap<string, TaskOutcome>;

/**
 * What a run of the stage makes: what is selected, as in a run of the pipeline (with a table goes all that
 * is built on it), or `tables` alone, with what they are built on. `partBytes`: as in `StageContext`.
 */
export type Making = Selection &
  Pick<StageContext, 'partBytes'> & { readonly tables?: readonly string[] };

/** A runner of the stage that remembers what is fresh, as a run of the pipeline does. */
export function curator(lake: Lake): (making?: Making) => Promise<Done> {
  const memory = new Map<string, TaskOutcome & { readonly fingerprint: string }>();
  return async ({ tables, partBytes, ...selection } = {}) => {
    const context: StageContext = {
      lake,
      datasets: DATASETS,
      selection,
      progress: silent,
      outputsOf: (id) => memory.get(id)?.outputs ?? [],
      fingerprintOf: (id) => memory.get(id)?.fingerprint ?? null,
      memoryOf: () => null,
      ...(partBytes === undefined ? {} : { partBytes }),
    };
    const done = new Map<string, TaskOutcome>();
    for (const task of await stagingToCurated.plan(context)) {
      if (task.state === 'fresh' || tables?.includes(task.dataset) === false) continue;
      const outcome = await stagingToCurated.execute(context, task);
      if (!addsUp(outcome.counts)) throw new Error(`${task.id} does not add up`);
      memory.set(task.id, { ...outcome, fingerprint: task.fingerprint });
      done.set(task.dataset, outcome);
    }
    return done;
  };
}

/** Every file of the curated zone with its bytes in hexadecimal, by path. */
export function curatedBytes(lake: Lake): ReadonlyMap<string, string> {
  const zone = join(lake.home, 'zones', 'curated');
  const files = readdirSync(zone, { recursive: true, encoding: 'utf8' })
    .map((name) => join(zone, name))
    .filter((path) => statSync(path).isFile())
    .sort();
  return new Map(files.map((path) => [relative(zone, path), readFileSync(path).toString('hex')]));
}

/** Rows of a curated Parquet file, read by hyparquet, which is not the engine that wrote it. */
export async function parquetRows(
  lake: Lake,
  name: string,
): Promise<readonly Record<string, unknown>[]> {
  const path = join(lake.home, 'zones', 'curated', 'metaads', name);
  return parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
}

/** Text of a curated file. */
export function curatedText(lake: Lake, name: string): string {
  return readFileSync(join(lake.home, 'zones', 'curated', 'metaads', name), 'utf8');
}
