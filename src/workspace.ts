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
  readonly engine: Engine;
  /** How many of the engine's threads work on one statement. */
  readonly threads: number;
  readonly filesOf: FilesOf;
  /** Files of curated models that are known to be current, by model. */
  readonly published: Map<string, readonly OutputFile[]>;
  /** Models whose files are being put in place, each until that is done. */
  readonly placing: Map<string, Promise<void>>;
  /** Tables that are there, by their name in SQL. */
  readonly built: Set<string>;
  /** Numbers of their rows, where they are known. */
  readonly rows: Map<string, number>;
  /** Content hashes that were asked for, by the table's name in SQL. */
  readonly digests: Map<string, string>;
  /** Names of their columns that were asked for, by the table's name in SQL. */
  readonly columns: Map<string, readonly string[]>;
}

/** Enough for the two cores of a small machine; more brings little for tables of this size. */
const THREADS = 2;
/** Up to so much staging, a second thread costs more than it brings. */
const SMALL_BYTES = 8_000_000;
/** Up to so much (some hundred rows), a plan takes longer to better than to run. */
const TINY_BYTES = 400_000;
/** What tables may take before they are spilled to the disk. */
const MEMORY = '250MB';
/** What they may take where memory is to be spared, and up to how much staging that is enough. */
const SPARING_MEMORY = '115MB';
const SPARING_BYTES = 250_000_000;
/** How long an idle workspace is kept for the next task of the run. */
const IDLE_MILLISECONDS = 2000;

let kept: Workspace | null = null;
let closing: NodeJS.Timeout | undefined;
/** The work that came last; the next one begins when it has ended. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` in the stage's workspace, when all that was asked for before has ended; when that failed in
 * the meantime, throws what it threw. The workspace is shared by the tasks of one context, which follow
 * each other, and closed when it was idle for a moment; it does not keep the process alive.
 */
export function inWorkspace<T>(
  context: StageContext,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const mine = last.then(() => runIn(context, work));
  last = mine;
  mine.catch(() => {
    if (last === mine) last = Promise.resolve();
  });
  return mine;
}

async function runIn<T>(
  context: StageContext,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  clearTimeout(closing);
  if (kept?.context !== context) closeWorkspace();
  kept ??= await openWorkspace(context);
  try {
    return await work(kept);
  } catch (error) {
    closeWorkspace();
    throw error;
  } finally {
    closing = setTimeout(closeWorkspace, IDLE_MILLISECONDS).unref();
  }
}

/** Waits until everything that was asked of the stage's workspace is done, and its files are in place. */
export async function whenPlaced(context: StageContext): Promise<void> {
  await last.catch(() => {});
  if (kept?.context === context) await Promise.allSettled(kept.placing.values());
}

/** Closes the shared workspace at once, if there is one. */
export function closeWorkspace(): void {
  clearTimeout(closing);
  kept?.engine.close();
  kept = null;
}

const LAYERS = ['input', 'staging', 'partial', 'intermediate', 'checks', 'curated'];

async function openWorkspace(context: StageContext): Promise<Workspace> {
  const spillInto = cacheFile(context.lake, 'duckdb');
  const filesOf = stagingFiles(context);
  const bytes = context.datasets
    .flatMap(({ name }) => filesOf(name))
    .reduce((sum, file) => sum + file.bytes, 0);
  const isSparing = context.isSparing === true && bytes <= SPARING_BYTES;
  const threads = bytes <= SMALL_BYTES || isSparing ? 1 : THREADS;
  const memory = isSparing ? SPARING_MEMORY : MEMORY;
  const isHasty = bytes <= TINY_BYTES;
  const engine = await openEngine({ threads, memory, spillInto, isHasty });
  await engine.connection.run(LAYERS.map((layer) => `create schema ${layer}`).join('; '));
  return {
    context,
    engine,
    threads,
    filesOf,
    published: new Map(),
    placing: new Map(),
    built: new Set(),
    rows: new Map(),
    columns: new Map(),
    digests: new Map(),
  };
}
