import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    globalSetup: ['packages/server/test/support/global-setup.ts'],
    // Two cores are the smallest machine we promise to be quick on; more forks only fight over them.
    maxWorkers: 2,
  },
});
