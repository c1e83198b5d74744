import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The dearest, and those that mostly wait: they begin first, so that none is left alone at the end. */
const FIRST = [
  'test/secrets.test.ts',
  'test/torture/crash.test.ts',
  'test/stages/daily-equals-full.test.ts',
  'test/matrix/kill-matrix.test.ts',
  'test/stages/api-to-landing.test.ts',
  'test/load.test.ts',
  'test/matrix/fault-matrix.test.ts',
  'test/commands/run.test.ts',
];

/** Room for three processes of tests and what they start. */
const ENOUGH_BYTES = 7_000_000_000;

/** The same order everywhere, whatever is remembered of runs before. */
class FixedOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = FIRST.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? FIRST.length : found;
    };
    return files.sort(
      (left, right) => place(left) - place(right) || (left.moduleId < right.moduleId ? -1 : 1),
    );
  }
}

/** They leave work behind that they did not wait for, and take it with them when their process ends. */
const IN_OWN_PROCESS = ['test/secrets.test.ts'];

export default defineConfig({
  test: {
    env: { TZ: 'Pacific/Kiritimati' },
    // One more than the two cores of a small machine: while one waits for the disk, two others work.
    // Each holds up to a gigabyte.
    maxWorkers: totalmem() < ENOUGH_BYTES ? 2 : 3,
    sequence: { sequencer: FixedOrder },
    // None takes a tenth of it alone; a busy machine takes its time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: IN_OWN_PROCESS,
          // A third of the work was to load and warm up the same modules in a process for each file.
          isolate: false,
          setupFiles: ['test/helpers/shared-process.ts'],
        },
      },
      { extends: true, test: { name: 'own process', include: IN_OWN_PROCESS } },
    ],
  },
});
