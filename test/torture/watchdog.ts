import { Worker } from 'node:worker_threads';

/** No case takes as long as this; on a machine that is busy many take a minute. */
const HUNG_SECONDS = 600;

/** Watches over cases from a thread of its own: one that never ends is named, and ends the torture. */
export interface Watchdog {
  readonly begins: (id: string) => void;
  readonly ended: (id: string) => void;
  readonly stop: () => Promise<unknown>;
}

/** Starts watching. */
export function watch(): Watchdog {
  const worker = new Worker(PROGRAM, { eval: true, workerData: HUNG_SECONDS });
  worker.unref();
  return {
    begins: (id) => worker.postMessage(['begins', id]),
    ended: (id) => worker.postMessage(['ended', id]),
    stop: () => worker.terminate(),
  };
}

/** The main thread may be caught in a loop, so the thread must not need it. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const under = new Map();
parentPort.on('message', ([what, id]) => {
  if (what === 'begins') under.set(id, performance.now());
  else under.delete(id);
});
setInterval(() => {
  for (const [id, since] of under) {
    if (performance.now() - since < workerData * 1000) continue;
    writeSync(2, 'HANGS: ' + id + ' has not ended after ' + workerData + ' seconds.\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
`;
