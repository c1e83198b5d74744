import { afterAll, expect } from 'vitest';

/** Test files share a process, in any order: each leaves it as it found it, or fails. */
const before = processState();

afterAll(() => expect(processState(), 'what the file left behind in the process').toEqual(before));

/** What a file could leave to those that come after it. */
function processState(): object {
  return {
    env: { ...process.env },
    cwd: process.cwd(),
    exitCode: process.exitCode,
    umask: process.umask(),
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  };
}
