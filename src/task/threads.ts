import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CHECKOUT } from '../checkout.ts';
import type { Stage, Task } from '../stage.ts';
import type { Lake } from '../zone.ts';
import type { NumberedAnswer, NumberedQuestion, TaskAnswer, TaskQuestion } from './message.ts';

/** Threads that do tasks of stages of records. End them when done. */
export interface TaskThreads {
  readonly size: number;
  /**
   * Has a thread do a task; lanes (from 0) take turns with the threads. Null when it cannot: it has died (of too little memory, say)
   * or has planned otherwise. The task must then be done here; what a thread began is as it was.
   */
  readonly ask: (lane: number, question: TaskQuestion) => Promise<TaskAnswer | null>;
  readonly end: () => Promise<void>;
}

/** More threads bring more memory and, on the disks people have, little time. */
const MOST_THREADS = 2;

/**
 * Below both, threads cost more than they save. One thread reads 23 MB/s; another one is ready after
 * 0.06 s of a core, but compiles its contracts and warms up its code again, which took a second in all.
 */
const WORTHWHILE_BYTES = 32_000_000;
/** Small tasks mostly wait for the disk to confirm their files, 3 to 10 ms each. */
const WORTHWHILE_TASKS = 120;

/** Of JavaScript objects: a month of 200,000 ads of an account. A larger one is done in the parent. */
const HEAP_MEGABYTES = 2048;

/** Of these, at most so many, and a sixteenth of a small heap, for objects that were just made: Node's own share. */
const MOST_YOUNG_MEGABYTES = 48;
const OLD_TO_YOUNG = 16;

/** How many threads the tasks of a stage are worth; 0: do them here. Never more than there are tasks. */
export function threadsWorthwhile(stage: Stage, tasks: readonly Task[]): number {
  const count = Math.min(MOST_THREADS, availableParallelism(), tasks.length);
  if (stage.kind !== 'record' || count < 2) return 0;
  const bytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
  return bytes >= WORTHWHILE_BYTES || tasks.length >= WORTHWHILE_TASKS ? count : 0;
}

const alive = new Set<TaskThreads>();

/** Starts threads for tasks of this lake; each may fill `heapMegabytes` with JavaScript objects. */
export function startThreads(
  lake: Lake,
  size: number,
  heapMegabytes = HEAP_MEGABYTES,
): TaskThreads {
  const lanes = Array.from({ length: size }, () => startLane(lake, heapMegabytes));
  const threads: TaskThreads = {
    size,
    ask: async (lane, question) => (await lanes[lane % size]?.ask(question)) ?? null,
    end: async () => {
      await Promise.all(lanes.map((lane) => lane.end()));
      alive.delete(threads);
    },
  };
  alive.add(threads);
  return threads;
}

/**
 * Ends all threads of this process, wherever they are in their work. For a process that will end: who
 * waits for a thread's answer waits for ever.
 */
export async function endThreads(): Promise<void> {
  await Promise.all([...alive].map((threads) => threads.end()));
}

interface Lane {
  readonly ask: (question: TaskQuestion) => Promise<TaskAnswer | null>;
  readonly end: () => Promise<void>;
}

function startLane(lake: Lake, heapMegabytes: number): Lane {
  const worker = new Worker(ENTRY, {
    workerData: { lake },
    resourceLimits: {
      maxOldGenerationSizeMb: heapMegabytes,
      maxYoungGenerationSizeMb: Math.min(MOST_YOUNG_MEGABYTES, heapMegabytes / OLD_TO_YOUNG),
    },
  });
  const asked = new Map<number, (answer: TaskAnswer | null) => void>();
  let count = 0;
  let isDead = false;
  let isEnded = false;
  const settle = (number: number, answer: TaskAnswer | null): void => {
    asked.get(number)?.(answer);
    asked.delete(number);
  };
  worker.on('message', ({ number, answer }: NumberedAnswer) => settle(number, answer));
  worker.on('error', () => {});
  worker.on('exit', () => {
    isDead = true;
    if (!isEnded) for (const number of [...asked.keys()]) settle(number, null);
  });
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const number = count++;
        asked.set(number, resolve);
        if (!isDead) worker.postMessage({ number, question } satisfies NumberedQuestion);
        else if (!isEnded) settle(number, null);
      }),
    end: async () => {
      isEnded = true;
      await worker.terminate();
    },
  };
}

/** Compiled, the thread's code lies beside this; as it is, it has to be loaded like the command line. */
const ENTRY = import.meta.url.endsWith('.ts')
  ? pathToFileURL(join(CHECKOUT, 'scripts', 'task-worker.mjs'))
  : new URL('./task-worker.mjs', import.meta.url);
