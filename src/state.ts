import { readIfThere, writeAtomically } from './file.ts';
import type { FoldMemory, OutputFile, RowCounts } from './stage.ts';
import { cacheFile, type Lake } from './zone.ts';

/** What is remembered of a finished task. */
export interface TaskRecord {
  /** Empty when the task is not final and must be done again. */
  readonly fingerprint: string;
  readonly outputs: readonly OutputFile[];
  readonly counts: RowCounts;
  /** Absent when nothing has to be remembered but the above. */
  readonly memory?: FoldMemory;
}

/**
 * The memory of finished tasks, in `cache/tasks/`, a file for each stage and dataset. Losing it costs
 * time: everything is computed again and found to be equal.
 */
export interface TaskState {
  readonly get: (taskId: string) => TaskRecord | undefined;
  readonly set: (taskId: string, record: TaskRecord) => void;
  /** Writes the files of which something changed. */
  readonly save: () => void;
}

interface Shelf {
  readonly tasks: Map<string, TaskRecord>;
  isDirty: boolean;
}

const FORMAT = 2;

/**
 * Opens the memory; each file is read when something of it is asked for. A file that cannot be read,
 * or of another format, is as good as none.
 */
export function openState(lake: Lake): TaskState {
  const shelves = new Map<string, Shelf>();
  const shelfOf = (taskId: string): Shelf => {
    const name = shelfName(taskId);
    const shelf = shelves.get(name) ?? { tasks: readTasks(fileOf(lake, name)), isDirty: false };
    shelves.set(name, shelf);
    return shelf;
  };
  return {
    get: (taskId) => shelfOf(taskId).tasks.get(taskId),
    set: (taskId, record) => {
      const shelf = shelfOf(taskId);
      shelf.tasks.set(taskId, record);
      shelf.isDirty = true;
    },
    save: () => {
      for (const [name, shelf] of shelves) {
        if (shelf.isDirty) writeTasks(fileOf(lake, name), shelf.tasks);
        shelf.isDirty = false;
      }
    },
  };
}

/** `<stage>.<dataset>` for tasks of partitions, `<stage>` for others. */
function shelfName(taskId: string): string {
  const stage = taskId.indexOf('/');
  const dataset = taskId.indexOf('/', stage + 1);
  return dataset === -1
    ? taskId.slice(0, stage)
    : `${taskId.slice(0, stage)}.${taskId.slice(stage + 1, dataset)}`;
}

function fileOf(lake: Lake, shelf: string): string {
  return cacheFile(lake, 'tasks', `${shelf}.json`);
}

function writeTasks(path: string, tasks: ReadonlyMap<string, TaskRecord>): void {
  const body = { format: FORMAT, tasks: Object.fromEntries(tasks) };
  writeAtomically(path, Buffer.from(JSON.stringify(body)));
}

function readTasks(path: string): Map<string, TaskRecord> {
  try {
    const text = readIfThere(path)?.toString('utf8') ?? '{}';
    const body = JSON.parse(text) as { format?: number; tasks?: Record<string, TaskRecord> };
    return new Map(body.format === FORMAT ? Object.entries(body.tasks ?? {}) : []);
  } catch {
    return new Map();
  }
}
