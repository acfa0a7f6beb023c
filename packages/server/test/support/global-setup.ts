import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleServer } from '../../../../scripts/bundle-server.ts';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/index.ts';
import {
  dropTemplateDatabase,
  makeTemplateDatabase,
  newTemplateName,
  type TestPostgres,
} from './test-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestPostgres;
  }
}

/** What tests that start processes start, and one throw-away PostgreSQL for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await bundleServer(resolve(import.meta.dirname, '../../../..'));
  return providePostgres(project);
}

/**
 * The embedded one, or the server that `TEST_DATABASE_URL` names (its role must be allowed to create databases). Test files
 * clone the template database made here.
 */
async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external) {
    const postgres = { connectionString: external, template: newTemplateName() };
    await makeTemplateDatabase(postgres);
    project.provide('postgres', postgres);
    return () => dropTemplateDatabase(postgres);
  }
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  const embedded = await startEmbeddedPostgres({ dataFolder: join(folder, 'data'), memory: 1024 });
  const postgres = { ...embedded.connection, template: newTemplateName() };
  await makeTemplateDatabase(postgres);
  project.provide('postgres', postgres);
  return async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
