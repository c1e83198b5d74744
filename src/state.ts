import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openCache, sealCache } from './cache-body.ts';
import { readIfThere, writeTogether } from './file.ts';
import type { FoldMemory, OutputFile, RowCounts } from './stage.ts';
import { type HeadTuple, packHead, unpackHead } from './task/head.ts';
import { cacheFile, type Lake } from './zone.ts';

/** What planning asks of a finished task. */
export interface TaskHead {
  /** Empty when the task is not final and must be done again. */
  readonly fingerprint: string;
  readonly outputs: readonly OutputFile[];
}

/** What is remembered of a finished task. */
export interface TaskRecord extends TaskHead {
  readonly counts: RowCounts;
  /** Absent when nothing has to be remembered but the above. */
  readonly memory?: FoldMemory;
}

/**
 * The memory of finished tasks, in `cache/tasks/`: for each stage and dataset a file of what planning asks,
 * and one of the rest, which is many times larger and read when a task is done again. Losing them costs
 * time: everything is computed again and found to be equal.
 */
export interface TaskState {
  /** Reads only what planning needs. */
  readonly head: (taskId: string) => TaskHead | undefined;
  /** The fingerprint of the head alone; null when there is none. */
  readonly fingerprint: (taskId: string) => string | null;
  readonly get: (taskId: string) => TaskRecord | undefined;
  readonly set: (taskId: string, record: TaskRecord) => void;
  /** Writes the files of which something changed. */
  readonly save: () => void;
}

/** The rest of a record, and the fingerprint of the head that it belongs to. */
type Rest = readonly [fingerprint: string, counts: RowCounts, memory: FoldMemory | null];

interface Shelf {
  readonly heads: Map<string, HeadTuple>;
  /** Null until something of it is asked for. */
  rests: Map<string, Rest> | null;
  isDirty: boolean;
}

const FORMAT = 5;

/**
 * Opens the memory; each file is read when something of it is asked for. A file that cannot be read,
 * or of another format, is as good as none; so is a rest that belongs to another head.
 */
export function openState(lake: Lake): TaskState {
  const shelves = new Map<string, Shelf>();
  const shelfOf = (name: string): Shelf => {
    const shelf = shelves.get(name) ?? {
      heads: readEntries<HeadTuple>(fileOf(lake, name)),
      rests: null,
      isDirty: false,
    };
    shelves.set(name, shelf);
    return shelf;
  };
  const head = (taskId: string): TaskHead | undefined => {
    const [name, tail] = placeOf(taskId);
    const tuple = shelfOf(name).heads.get(tail);
    return tuple === undefined ? undefined : unpackHead(tail, tuple);
  };
  const restsOf = (name: string): Map<string, Rest> => {
    const shelf = shelfOf(name);
    shelf.rests ??= readEntries<Rest>(fileOf(lake, `${name}.rest`));
    return shelf.rests;
  };
  return {
    head,
    fingerprint: (taskId) => {
      const [name, tail] = placeOf(taskId);
      return shelfOf(name).heads.get(tail)?.[0] ?? null;
    },
    get: (taskId) => {
      const [name, tail] = placeOf(taskId);
      return recordOf(head(taskId), restsOf(name).get(tail));
    },
    set: (taskId, record) => {
      const [name, tail] = placeOf(taskId);
      const shelf = shelfOf(name);
      shelf.heads.set(tail, packHead(tail, record));
      restsOf(name).set(tail, [record.fingerprint, record.counts, record.memory ?? null]);
      shelf.isDirty = true;
    },
    save: () => {
      const dirty = [...shelves].filter(([, shelf]) => shelf.isDirty);
      const files = dirty.flatMap(([name, shelf]) => [
        [`${name}.rest.json`, encoded(restsOf(name))] as const,
        [`${name}.json`, encoded(shelf.heads)] as const,
      ]);
      writeTogether(dirname(fileOf(lake, 'any')), files);
      for (const [, shelf] of dirty) shelf.isDirty = false;
    },
  };
}

/**
 * Tells one state of a shelf's heads from another without reading them all: the file's inode, size and
 * times, and the line with the hash of the rest. Null when there is no such file.
 */
export function statePrint(lake: Lake, shelf: string): string | null {
  const path = fileOf(lake, shelf);
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  const { ino, size, mtimeNs, ctimeNs } = found;
  return [ino, size, mtimeNs, ctimeNs, firstLine(path)].join(' ');
}

function firstLine(path: string): string {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(LINE_BYTES);
    const read = readSync(handle, start, 0, LINE_BYTES, 0);
    return start.toString('latin1', 0, read).split('\n')[0] ?? '';
  } finally {
    closeSync(handle);
  }
}

/** The format and a hash, and some room. */
const LINE_BYTES = 128;

function recordOf(head: TaskHead | undefined, rest: Rest | undefined): TaskRecord | undefined {
  if (head === undefined || rest === undefined) return undefined;
  const [fingerprint, counts, memory] = rest;
  if (fingerprint !== head.fingerprint) return undefined;
  return { ...head, counts, ...(memory === null ? {} : { memory }) };
}

/** The shelf, `<stage>.<dataset>` for tasks of partitions and `<stage>` for others, and what is left. */
function placeOf(taskId: string): readonly [shelf: string, tail: string] {
  const stage = taskId.indexOf('/');
  const dataset = taskId.indexOf('/', stage + 1);
  if (dataset === -1) return [taskId.slice(0, stage), taskId.slice(stage + 1)];
  const shelf = `${taskId.slice(0, stage)}.${taskId.slice(stage + 1, dataset)}`;
  return [shelf, taskId.slice(dataset + 1)];
}

function fileOf(lake: Lake, name: string): string {
  return cacheFile(lake, 'tasks', `${name}.json`);
}

function encoded<T>(entries: ReadonlyMap<string, T>): Uint8Array {
  const tasks = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  return sealCache(FORMAT, tasks);
}

function readEntries<T>(path: string): Map<string, T> {
  const entries = openCache(readIfThere(path), FORMAT) as readonly [string, T][] | null;
  return new Map(entries);
}
