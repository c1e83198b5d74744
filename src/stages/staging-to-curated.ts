import { dirname, relative, resolve } from 'node:path';
import { fingerprintOf } from '../curated/fingerprint.ts';
import { type Made, presence } from '../curated/made.ts';
import { makeMonths } from '../curated/months.ts';
import { makeWhole } from '../curated/whole.ts';
import { notesOf } from '../curated-note.ts';
import { hashOf, writeIfChanged } from '../file.ts';
import { MODELS, type Model, modelNamed, type TableName, withAncestors } from '../model.ts';
import { hasDump } from '../platforms/meta/dump.ts';
import { derivedViews, foldersOfModel, viewsFile, viewsText } from '../query/views.ts';
import {
  type Due,
  NO_ROWS,
  type OutputFile,
  type RowCounts,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../stage.ts';
import { listStagingAgain } from '../staging/file.ts';
import { type Findings, type Ground, placePrint, type Unchanged } from '../task/unchanged.ts';
import { inWorkspace, type Workspace, whenPlaced } from '../workspace.ts';

/**
 * Builds the curated tables from staging with SQL: one task per model of `src/sql/curated`, and one
 * for the views over them. A model is made whole when something it reads has changed, or month by month
 * where it says so (`MonthlyRule`); only files whose bytes change are written. Tasks share an engine, so
 * they run one after the other.
 */
export const stagingToCurated: Stage = {
  name: 'staging-to-curated',
  kind: 'sql',
  input: 'staging',
  output: 'curated',
  plan: async (context) => tasksIn(sightOf(context, null)),
  due: async (context, unchanged) => dueIn(sightOf(context, unchanged)),
  needsPlan: false,
  execute: async (context, task) =>
    task.dataset === VIEWS
      ? executeViews(context)
      : executeModel(context, modelNamed(task.dataset)),
};

/** Name of the task that writes `zones/curated/views.sql`. */
const VIEWS = 'views';

/** A model (or the views), and what it would be made of now. */
interface Wanted {
  readonly name: string;
  readonly fingerprint: string;
  /** Every folder that its files are in. */
  readonly folders: () => readonly string[];
}

/** What planning goes by. */
interface Sight {
  readonly context: StageContext;
  readonly wanted: readonly Wanted[];
  readonly isPresent: (path: string) => boolean;
  readonly findings: Findings | null;
}

function sightOf(context: StageContext, unchanged: Unchanged | null): Sight {
  const filesOf = listStagingAgain(context, unchanged);
  const selected = selectedNames(context);
  const prints = MODELS.map((model) => fingerprintOf(curatedTable(model), filesOf));
  const { lake } = context;
  const models = MODELS.map((model, index) => ({
    name: model.name,
    fingerprint: prints[index] ?? '',
    folders: () => foldersOfModel(lake, model),
  })).filter(({ name }) => selected.has(name));
  const ofViews = hashOf(Buffer.from(JSON.stringify([resolve(lake.home), prints, derivedViews()])));
  const views = { name: VIEWS, fingerprint: ofViews, folders: () => [dirname(viewsFile(lake))] };
  return {
    context,
    wanted: [...models, views],
    isPresent: presence(lake.home),
    findings: unchanged?.on(GROUND) ?? null,
  };
}

/** All else that a task depends on is in its fingerprint. */
const GROUND: Ground = {
  name: 'staging-to-curated',
  basis: '',
  shelves: ['staging-to-curated'],
};

function tasksIn(sight: Sight): readonly Task[] {
  return sight.wanted.map((wanted) => taskOf(sight, wanted));
}

/** A model of the same fingerprint in the same folders as when there was nothing to do is not looked at. */
function dueIn(sight: Sight): Due {
  const tasks = sight.wanted.flatMap((wanted) => {
    const place = placePrint(wanted.folders());
    const print = place === null ? null : `${wanted.fingerprint} ${hashOf(Buffer.from(place))}`;
    if (sight.findings?.recall(wanted.name, print) === 1) return [];
    const task = taskOf(sight, wanted);
    sight.findings?.keep(wanted.name, print, task.state === 'fresh' ? 1 : null);
    return task.state === 'fresh' ? [] : [task];
  });
  return { tasks, fresh: sight.wanted.length - tasks.length };
}

/** Those that are selected, and those whose files they read. */
function selectedNames(context: StageContext): ReadonlySet<string> {
  const tables = MODELS.filter((model) => isSelected(context, model))
    .map(curatedTable)
    .flatMap(withAncestors);
  return new Set(tables.filter(({ layer }) => layer === 'curated').map(({ name }) => name));
}

/** A name of a model selects it; a name of a dataset selects every model that is built on it. */
function isSelected(context: StageContext, model: Model): boolean {
  const { datasets } = context.selection;
  if (model.isOfDump === true && !hasDump(context.lake)) return false;
  if (datasets === undefined) return true;
  return withAncestors(curatedTable(model)).some(
    ({ layer, name }) => (layer === 'staging' || layer === 'curated') && datasets.includes(name),
  );
}

function taskOf({ context, isPresent }: Sight, { name, fingerprint }: Wanted): Task {
  const id = `staging-to-curated/${name}`;
  const known = context.fingerprintOf(id);
  const isThere = context.outputsOf(id).every(({ path }) => isPresent(path));
  const state = known === null || !isThere ? 'missing' : known === fingerprint ? 'fresh' : 'stale';
  return {
    id,
    stage: 'staging-to-curated',
    dataset: name,
    partition: null,
    fingerprint,
    state,
    bytes: 0,
  };
}

/**
 * Makes the model current; those that it reads first, since their files are what it reads. While files are
 * put in place, the engine works on the next model.
 */
async function executeModel(context: StageContext, model: Model): Promise<TaskOutcome> {
  const { outcome, placed } = await inWorkspace(context, async (workspace) => {
    const before = withAncestors(curatedTable(model)).filter(
      ({ layer, name }) => layer === 'curated' && name !== model.name,
    );
    const all: Promise<void>[] = [];
    for (const { name } of before) all.push((await made(workspace, modelNamed(name))).placed);
    const mine = await made(workspace, model);
    const notes = await notesOf(workspace, model);
    all.push(mine.placed);
    return {
      outcome: { counts: countsOf(model, mine), outputs: mine.outputs, notes, isFinal: true },
      placed: Promise.all(all),
    };
  });
  await placed;
  return outcome;
}

/** The model, made current once for all who ask. */
function made(workspace: Workspace, model: Model): Promise<Made> {
  const known = workspace.making.get(model.name);
  if (known !== undefined) return known;
  const making = make(workspace, model);
  workspace.making.set(model.name, making);
  return making;
}

async function make(workspace: Workspace, model: Model): Promise<Made> {
  const current =
    model.byMonth === undefined
      ? await makeWhole(workspace, model)
      : await makeMonths(workspace, model, model.byMonth);
  workspace.published.set(model.name, current.outputs);
  workspace.placing.set(model.name, current.placed);
  current.placed.catch(() => {});
  return current;
}

/** Rows read and rows out; `added` is what a fold took away, as a negative number. */
function countsOf(model: Model, made: Made): RowCounts {
  const parquet = made.outputs.filter(({ path }) => path.endsWith('.parquet'));
  const out = parquet.reduce((sum, output) => sum + output.rows, 0);
  return { ...NO_ROWS, in: made.rowsIn, added: model.keepsRows ? 0 : out - made.rowsIn, out };
}

/** The text depends on which files there are, so it comes after all of them. */
async function executeViews(context: StageContext): Promise<TaskOutcome> {
  await whenPlaced(context);
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

function curatedTable(model: Model): TableName {
  return { layer: 'curated', name: model.name };
}
