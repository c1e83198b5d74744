import { defineConfig } from 'vitest/config';

/** They leave work behind that they did not wait for, and take it with them when their process ends. */
const IN_OWN_PROCESS = ['test/secrets.test.ts'];

export default defineConfig({
  test: {
    env: { TZ: 'Pacific/Kiritimati' },
    // Left to itself vitest leaves one of two cores idle.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
