import { basename, dirname, join, relative, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import { type CuratedFile, writeCsv, writeParquet } from '../curated-file.ts';
import { notesOf } from '../curated-note.ts';
import { DUCKDB_VERSION, quoteName, quoteText, rowsOf } from '../duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, namesIn, readIfThere, removeIfThere, writeIfChanged } from '../file.ts';
import {
  curatedSchema,
  MODELS,
  type Model,
  splitOf,
  sqlName,
  type TableName,
  withAncestors,
} from '../model.ts';
import {
  NO_ROWS,
  type OutputFile,
  type RowCounts,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../stage.ts';
import { listStagingAgain, stagingFiles } from '../staging-file.ts';
import { derivedViews, modelDir, parquetOf, viewsFile, viewsText } from '../views.ts';
import { CURATED_VERSION, fingerprintOf, inWorkspace } from '../workspace.ts';
import type { Lake } from '../zone.ts';

/**
 * Builds the curated tables from staging with SQL: one task per model of `src/sql/curated`, and one
 * for the views over them. A model is built whole, for all accounts; only files whose bytes change
 * are written. Tasks share an engine, so they run one after the other.
 */
export const stagingToCurated: Stage = {
  name: 'staging-to-curated',
  kind: 'sql',
  input: 'staging',
  output: 'curated',
  plan: async (context) => plan(context),
  needsPlan: false,
  execute: async (context, task) =>
    task.dataset === VIEWS ? executeViews(context) : executeModel(context, modelOf(task)),
};

/** Name of the task that writes `zones/curated/views.sql`. */
const VIEWS = 'views';

function plan(context: StageContext): readonly Task[] {
  const filesOf = listStagingAgain(context);
  const prints = MODELS.map((model) => fingerprintOf(curatedTable(model), filesOf));
  const models = MODELS.map((model, index) => ({ model, fingerprint: prints[index] ?? '' }))
    .filter(({ model }) => isSelected(context, model))
    .map(({ model, fingerprint }) => taskOf(context, { name: model.name, fingerprint }));
  const ofViews = hashOf(
    Buffer.from(JSON.stringify([resolve(context.lake.home), prints, derivedViews()])),
  );
  return [...models, taskOf(context, { name: VIEWS, fingerprint: ofViews })];
}

/** A name of a model selects it; a name of a dataset selects every model that is built on it. */
function isSelected(context: StageContext, model: Model): boolean {
  const { datasets } = context.selection;
  if (datasets === undefined) return true;
  return withAncestors(curatedTable(model)).some(
    (table) => table.layer !== 'intermediate' && datasets.includes(table.name),
  );
}

function taskOf(
  context: StageContext,
  at: { readonly name: string; readonly fingerprint: string },
): Task {
  const id = `staging-to-curated/${at.name}`;
  const known = context.fingerprintOf(id);
  const isThere = areThere(context, context.outputsOf(id));
  const state =
    known === null || !isThere ? 'missing' : known === at.fingerprint ? 'fresh' : 'stale';
  return {
    id,
    stage: 'staging-to-curated',
    dataset: at.name,
    partition: null,
    fingerprint: at.fingerprint,
    state,
    bytes: 0,
  };
}

/** Folders are listed once, however many files of them are asked for. */
function areThere(context: StageContext, outputs: readonly OutputFile[]): boolean {
  const present = new Map<string, ReadonlySet<string>>();
  return outputs.every(({ path }) => {
    const folder = dirname(path);
    const names = present.get(folder) ?? namesIn(join(context.lake.home, folder));
    present.set(folder, names);
    return names.has(basename(path));
  });
}

async function executeModel(context: StageContext, model: Model): Promise<TaskOutcome> {
  return inWorkspace(context.lake, async ({ engine, build }) => {
    await build(curatedTable(model), stagingFiles(context));
    const counts = await countsOf(engine.connection, model);
    await checkKey(engine.connection, model);
    const outputs = await publishModel(context, model, engine.connection);
    const written = new Set(outputs.map((output) => resolve(context.lake.home, output.path)));
    const gone = parquetOf(context.lake, model).filter((path) => !written.has(path));
    for (const path of gone) removeIfThere(path);
    const notes = await notesOf(engine.connection, model);
    return { counts, outputs, notes, isFinal: true };
  });
}

function executeViews(context: StageContext): TaskOutcome {
  const path = viewsFile(context.lake);
  const bytes = Buffer.from(viewsText(context.lake));
  const changed = writeIfChanged(path, bytes);
  const output: OutputFile = {
    path: relative(context.lake.home, path),
    sha256: hashOf(bytes),
    bytes: bytes.length,
    rows: 0,
    changed,
  };
  return { counts: NO_ROWS, outputs: [output], notes: [], isFinal: true };
}

async function publishModel(
  context: StageContext,
  model: Model,
  connection: DuckDBConnection,
): Promise<readonly OutputFile[]> {
  const { lake } = context;
  const file = (name: string, where = ''): CuratedFile => ({
    path: join(modelDir(lake, model), ...name.split('/')),
    select: `select * from ${sqlName(curatedTable(model))} ${where}`,
    order: model.key.map(quoteName).join(', '),
    schema: curatedSchema(model),
  });
  if (model.layout === 'partitions') {
    const recorded = new Map(
      context.outputsOf(`staging-to-curated/${model.name}`).map((each) => [each.path, each]),
    );
    const outputs: OutputFile[] = [];
    const split = splitOf(model);
    for (const { value, month, digest } of await partitionsOf(connection, model)) {
      const name = `${model.name}/${split}=${value}/month=${month}.parquet`;
      const where = `where ${quoteName(split)} = ${quoteText(value)} and ${MONTH} = ${quoteText(month)}`;
      const made = file(name, where);
      const known = recorded.get(relative(lake.home, resolve(made.path)));
      const kept = known?.digest === digest && isAsRecorded(lake, known);
      outputs.push(
        kept
          ? { ...known, changed: false }
          : { ...(await writeParquet(connection, lake, made)), digest },
      );
    }
    return outputs;
  }
  const parquet = await writeParquet(connection, lake, file(`${model.name}.parquet`));
  if (model.layout === 'parquet') return [parquet];
  return [await writeCsv(connection, lake, file(`${model.name}.csv`)), parquet];
}

const MONTH = "strftime(date, '%Y-%m')";

interface ModelPartition {
  /** Of the column that splits the files. */
  readonly value: string;
  readonly month: string;
  /** Of contract, engine and rows: a partition with the digest of its file need not be written. */
  readonly digest: string;
}

async function partitionsOf(
  connection: DuckDBConnection,
  model: Model,
): Promise<readonly ModelPartition[]> {
  const rows = await rowsOf(
    connection,
    `select ${quoteName(splitOf(model))} as value, ${MONTH} as month, count(*) as total, sum(cast(hash(model) as hugeint)) as digest from ${sqlName(curatedTable(model))} as model group by all order by value, month`,
  );
  const made = [CURATED_VERSION, DUCKDB_VERSION, contractAt(curatedSchema(model)).sha256];
  return rows.map((row) => ({
    value: pathValue(model, row.value),
    month: String(row.month),
    digest: [...made, String(row.total), String(row.digest)].join(' '),
  }));
}

/** A value that becomes the name of a folder. Throws `BUG` when it would not be safe as one. */
function pathValue(model: Model, value: unknown): string {
  const text = String(value);
  if (/^[a-z0-9_-]+$/i.test(text)) return text;
  throw new AdlakeError({
    code: 'BUG',
    message: `${model.name} is split by ${splitOf(model)}, and ${JSON.stringify(text)} cannot be the name of a folder.`,
    remedy: 'Split the model by a column of ids or of fixed names.',
  });
}

/** True when the file is there with the bytes that it was recorded with. */
function isAsRecorded(lake: Lake, recorded: OutputFile): boolean {
  const bytes = readIfThere(join(lake.home, recorded.path));
  return bytes !== null && hashOf(bytes) === recorded.sha256;
}

/** Rows read and rows out; `added` is what a fold took away, as a negative number. */
async function countsOf(connection: DuckDBConnection, model: Model): Promise<RowCounts> {
  const into = await countOf(connection, model.countedFrom);
  const out = await countOf(connection, curatedTable(model));
  return { ...NO_ROWS, in: into, added: model.keepsRows ? 0 : out - into, out };
}

async function countOf(connection: DuckDBConnection, table: TableName): Promise<number> {
  const [row] = await rowsOf(connection, `select count(*) as total from ${sqlName(table)}`);
  return Number(row?.total ?? 0);
}

async function checkKey(connection: DuckDBConnection, model: Model): Promise<void> {
  const key = model.key.map(quoteName).join(', ');
  const [row] = await rowsOf(
    connection,
    `select ${key} from ${sqlName(curatedTable(model))} group by ${key} having count(*) > 1 order by ${key} limit 1`,
  );
  if (row === undefined) return;
  throw new AdlakeError({
    code: 'ACCOUNTING',
    message: `${model.name} would have more than one row for ${JSON.stringify(row)}; its key is ${model.key.join(', ')}.`,
    remedy:
      'Look for the same rows landed twice, for example under two accounts, and remove one of the landing batches.',
  });
}

function modelOf(task: Task): Model {
  const model = MODELS.find((each) => each.name === task.dataset);
  if (model !== undefined) return model;
  throw new AdlakeError({
    code: 'BUG',
    message: `There is no curated model for the task ${task.id}.`,
    remedy: 'Plan the stage again: tasks come from its plan.',
  });
}

function curatedTable(model: Model): TableName {
  return { layer: 'curated', name: model.name };
}
