import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    globalSetup: ['packages/server/test/support/global-setup.ts'],
    // Two cores are the smallest machine we promise to be quick on; more forks only fight over them.
    maxWorkers: 2,
    // Loading the server anew for each of a hundred files took half of the suite's time. A file that leaves something behind
    // breaks another one: each closes what it opens.
    isolate: false,
  },
});
