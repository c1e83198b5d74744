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
 * The memory of finished tasks, in `cache/tasks.json`. Losing it costs time: everything is computed
 * again and found to be equal.
 */
export interface TaskState {
  readonly get: (taskId: string) => TaskRecord | undefined;
  readonly set: (taskId: string, record: TaskRecord) => void;
  readonly save: () => void;
}

const FORMAT = 1;

/** Opens the memory; a file that cannot be read, or of another format, is as good as none. */
export function openState(lake: Lake): TaskState {
  const path = cacheFile(lake, 'tasks.json');
  const tasks = readTasks(path);
  let isDirty = false;
  return {
    get: (taskId) => tasks.get(taskId),
    set: (taskId, record) => {
      tasks.set(taskId, record);
      isDirty = true;
    },
    save: () => {
      if (!isDirty) return;
      const body = { format: FORMAT, tasks: Object.fromEntries(tasks) };
      writeAtomically(path, Buffer.from(JSON.stringify(body)));
      isDirty = false;
    },
  };
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
