import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
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

/**
 * One throw-away PostgreSQL for the whole run: the embedded one, or the server that `TEST_DATABASE_URL` names
 * (its role must be allowed to create databases). Test files clone the template database made here.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external) {
    const postgres = { connectionString: external, template: newTemplateName() };
    await makeTemplateDatabase(postgres);
    project.provide('postgres', postgres);
    return () => dropTemplateDatabase(postgres);
  }
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  const embedded = await startEmbeddedPostgres({ dataFolder: join(folder, 'data') });
  const postgres = { ...embedded.connection, template: newTemplateName() };
  await makeTemplateDatabase(postgres);
  project.provide('postgres', postgres);
  return async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
