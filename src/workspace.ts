import { type Engine, openEngine } from './duckdb.ts';
import type { OutputFile, StageContext } from './stage.ts';
import { type FilesOf, stagingFiles } from './staging-file.ts';
import { cacheFile } from './zone.ts';

/**
 * The engine in which curated is built during one stage, with the tables that are in it. Staging does
 * not change meanwhile, so a table is built once.
 */
export interface Workspace {
  readonly context: StageContext;
  readonly engine: Engine;
  readonly filesOf: FilesOf;
  /** Files of curated models that are known to be current, by model. */
  readonly published: Map<string, readonly OutputFile[]>;
  /** Tables that are there, by their name in SQL. */
  readonly built: Set<string>;
  /** Content hashes that were asked for, by the table's name in SQL. */
  readonly digests: Map<string, string>;
}

/** Enough for the two cores of a small machine; more brings little for tables of this size. */
export const THREADS = 2;
/** What tables may take before they are spilled to the disk. */
const MEMORY = '250MB';
/** How long an idle workspace is kept for the next task of the run. */
const IDLE_MILLISECONDS = 2000;

let kept: Workspace | null = null;
let closing: NodeJS.Timeout | undefined;

/**
 * Runs `work` in the stage's workspace. It is shared by the tasks of one context, which follow each
 * other, and closed when it was idle for a moment; it does not keep the process alive.
 */
export async function inWorkspace<T>(
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

/** Closes the shared workspace at once, if there is one. */
export function closeWorkspace(): void {
  clearTimeout(closing);
  kept?.engine.close();
  kept = null;
}

async function openWorkspace(context: StageContext): Promise<Workspace> {
  const spillInto = cacheFile(context.lake, 'duckdb');
  const engine = await openEngine({ threads: THREADS, memory: MEMORY, spillInto });
  for (const layer of ['input', 'staging', 'partial', 'intermediate', 'checks', 'curated']) {
    await engine.connection.run(`create schema ${layer}`);
  }
  return {
    context,
    engine,
    filesOf: stagingFiles(context),
    published: new Map(),
    built: new Set(),
    digests: new Map(),
  };
}
