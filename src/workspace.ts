import { type Lanes, lanesOf } from './curated/lanes.ts';
import type { Made } from './curated/made.ts';
import { type Engine, openEngine } from './duckdb/duckdb.ts';
import type { OutputFile, StageContext } from './stage.ts';
import { type FilesOf, stagingFiles } from './staging/file.ts';
import { cacheFile } from './zone.ts';

/**
 * The engine in which curated is built during one stage, with the tables that are in it. Staging does
 * not change meanwhile, so a table is built once.
 */
export interface Workspace {
  readonly context: StageContext;
  readonly lanes: Lanes;
  readonly memory: Memory;
  readonly filesOf: FilesOf;
  /** Files of curated models that are known to be current, by model. */
  readonly published: Map<string, readonly OutputFile[]>;
  /** Models that are made, or have been, each until its rows are in finished files. */
  readonly making: Map<string, Promise<Made>>;
  /** Models whose files are being put in place, each until that is done. */
  readonly placing: Map<string, Promise<void>>;
  /** Tables that are there or are being built, by their name in SQL, each until it is there. */
  readonly built: Map<string, Promise<void>>;
  /** Numbers of their rows, where they are known. */
  readonly rows: Map<string, number>;
  /** Content hashes that were asked for, by the table's name in SQL. */
  readonly digests: Map<string, string>;
  /** Names of their columns that were asked for, by the table's name in SQL. */
  readonly columns: Map<string, readonly string[]>;
}

/** What tables may take before they are spilled to the disk. */
export interface Memory {
  /** For example `250MB`. */
  readonly limit: string;
  /** Files of the days that are made in one statement come to about so many bytes at most. */
  readonly partBytes: number;
  /** How many need more than that at the moment. */
  inNeed: number;
}

/**
 * Statements that run at the same time. A statement has one thread: two of them side by side take less
 * than one after the other with two threads, and sums of floating-point numbers, which depend on the
 * order of their terms, come out the same every time.
 */
const LANES = 2;
/** Up to so much (some hundred rows), a plan takes longer to better than to run. */
const TINY_BYTES = 400_000;
/** What tables may take before they are spilled to the disk. */
const MEMORY = '300MB';
/** What they may take where memory is to be spared, and up to how much staging that is enough. */
const SPARING_MEMORY = '115MB';
const SPARING_BYTES = 250_000_000;
/** A month of an account with larger files is made in parts: 40,000 ads' days are 25 MB of staging. */
const PART_BYTES = 32_000_000;
const SPARING_PART_BYTES = 12_000_000;
/** How long an idle workspace is kept for the next task of the run. */
const IDLE_MILLISECONDS = 2000;

/** A workspace that tasks of one context share. */
interface Shared {
  readonly opened: Promise<Opened>;
  /** What was asked of it and has not ended. */
  readonly works: Set<Promise<unknown>>;
  closing: NodeJS.Timeout | undefined;
}

interface Opened {
  readonly workspace: Workspace;
  readonly engine: Engine;
}

const open = new Map<StageContext, Shared>();

/**
 * Runs `work` in the stage's workspace, which is shared by the tasks of one context, and closed when one of
 * them failed or it was idle for a moment; it does not keep the process alive. Works run at the same time:
 * each asks the workspace for a lane when it has a statement.
 */
export async function inWorkspace<T>(
  context: StageContext,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const shared = sharedBy(context);
  clearTimeout(shared.closing);
  const mine = shared.opened.then(({ workspace }) => work(workspace));
  shared.works.add(mine);
  try {
    return await mine;
  } catch (error) {
    if (open.get(context) === shared) open.delete(context);
    throw error;
  } finally {
    shared.works.delete(mine);
    if (shared.works.size === 0) closeSoon(context, shared);
  }
}

/** The workspace of the context; opening one closes those of other contexts that are idle. */
function sharedBy(context: StageContext): Shared {
  const known = open.get(context);
  if (known !== undefined) return known;
  closeIdle();
  const opened = openWorkspace(context);
  opened.catch(() => open.delete(context));
  const shared: Shared = { opened, works: new Set(), closing: undefined };
  open.set(context, shared);
  return shared;
}

function closeSoon(context: StageContext, shared: Shared): void {
  const close = (): void => {
    if (open.get(context) === shared) open.delete(context);
    void shared.opened.then(({ engine }) => engine.close()).catch(() => {});
  };
  if (open.get(context) === shared) shared.closing = setTimeout(close, IDLE_MILLISECONDS).unref();
  else close();
}

/** Waits until everything that was asked of the stage's workspace is done, and its files are in place. */
export async function whenPlaced(context: StageContext): Promise<void> {
  const shared = open.get(context);
  if (shared === undefined) return;
  await Promise.allSettled(shared.works);
  const { workspace } = await shared.opened;
  await Promise.allSettled(workspace.placing.values());
}

/** Closes workspaces that nobody works in at once. */
export function closeIdle(): void {
  for (const [context, shared] of open) {
    if (shared.works.size > 0) continue;
    clearTimeout(shared.closing);
    open.delete(context);
    closeSoon(context, shared);
  }
}

const LAYERS = ['input', 'staging', 'partial', 'intermediate', 'checks', 'curated'];

async function openWorkspace(context: StageContext): Promise<Opened> {
  const spillInto = cacheFile(context.lake, 'duckdb');
  const filesOf = stagingFiles(context);
  const bytes = context.datasets
    .flatMap(({ name }) => filesOf(name))
    .reduce((sum, file) => sum + file.bytes, 0);
  const isSparing = context.isSparing === true && bytes <= SPARING_BYTES;
  const memory = isSparing ? SPARING_MEMORY : MEMORY;
  const partBytes = isSparing ? SPARING_PART_BYTES : PART_BYTES;
  const isHasty = bytes <= TINY_BYTES;
  const engine = await openEngine({ threads: 1, memory, spillInto, isHasty });
  await engine.connection.run(LAYERS.map((layer) => `create schema ${layer}`).join('; '));
  const others = Array.from({ length: LANES - 1 }, () => engine.connect());
  const workspace: Workspace = {
    context,
    lanes: lanesOf([engine.connection, ...(await Promise.all(others))]),
    memory: { limit: memory, partBytes: context.partBytes ?? partBytes, inNeed: 0 },
    filesOf,
    published: new Map(),
    making: new Map(),
    placing: new Map(),
    built: new Map(),
    rows: new Map(),
    columns: new Map(),
    digests: new Map(),
  };
  return { workspace, engine };
}
