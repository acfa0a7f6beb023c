import { createUser } from './sign-in-fixture.ts';
import type { TestServer } from './test-server.ts';

/** Makes 60, more than a page of the list: `Many 00`, whose plan is free, `Many 01`, whose plan is gold, and so on by turns. */
export async function createManyUsers(server: TestServer): Promise<void> {
  for (let index = 0; index < 60; index++)
    await createUser(server, `many${index}@example.com`, {
      name: `Many ${String(index).padStart(2, '0')}`,
      app_metadata: { plan: index % 2 ? 'gold' : 'free' },
    });
}

/** How many the query finds. */
export async function countUsers(server: TestServer, q: string): Promise<number> {
  const query = { q, include_totals: true, per_page: 1 };
  return (await server.request('GET', '/users', { query })).body.total;
}
