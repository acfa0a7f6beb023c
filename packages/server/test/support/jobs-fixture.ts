import type { JobRunner } from '../../src/platform/jobs/index.ts';
import { runImport, startTestJobs } from './test-jobs.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** A server whose jobs are worked on in this process. */
export interface JobsFixture {
  readonly server: TestServer;
  /** A test that replaces it leaves one that runs. */
  jobs: JobRunner;
  /** Of the database connection that is there from the start. */
  readonly connection_id: string;
  close(): Promise<void>;
}

export async function startJobsFixture(environment: Record<string, string> = {}): Promise<JobsFixture> {
  const server = await startTestServer(environment);
  const query = { name: 'Username-Password-Authentication' };
  const { body } = await server.request('GET', '/connections', { query });
  const fixture: JobsFixture = {
    server,
    jobs: startTestJobs(server),
    connection_id: body[0].id,
    close: async () => {
      await fixture.jobs.stop();
      await server.close();
    },
  };
  return fixture;
}

/** What the answer of `/jobs/{id}/errors` holds; `undefined` where every row was taken. */
export async function readErrors(server: TestServer, job: { readonly id: string }) {
  return (await server.request('GET', `/jobs/${job.id}/errors`, { query: { take: 1000 } })).body;
}

export async function findByEmail(server: TestServer, email: string) {
  return (await server.request('GET', '/users-by-email', { query: { email } })).body[0];
}

/** Imports, and lists code and path of each error, row by row. */
export async function importAndList(
  { server, connection_id }: JobsFixture,
  rows: readonly unknown[],
  fields: Record<string, string> = {},
): Promise<string[]> {
  const job = await runImport(server, rows, { connection_id, ...fields });
  const failed = (await readErrors(server, job)) ?? [];
  return failed.map((row: { row: number; errors: { code: string; path?: string }[] }) =>
    [row.row, ...row.errors.map(({ code, path }) => `${code} ${path ?? ''}`.trim())].join(': '),
  );
}
