import { expect } from 'vitest';
import type { TestServer } from '../support/test-server.ts';
import type { WireUser } from './evaluate.ts';

type Parameters = Readonly<Record<string, string | number | boolean>>;

/** The ids of one answer and what else it says; the query goes into the body, as it may be long. */
export async function askForIds(server: TestServer, q: string, parameters: Parameters) {
  const answer = await server.request('POST', '/users/search', {
    body: { q, fields: 'user_id', ...parameters },
  });
  expect(answer.status, `${q} ${JSON.stringify(parameters)} ${answer.text}`).toBe(200);
  const ids: string[] = answer.body.users.map((user: WireUser) => user['user_id']);
  const total: unknown = answer.body.total;
  const next: unknown = answer.body.next;
  return { ids, total, next };
}

/** Every id by `page` and `per_page`; each page must tell the total. */
export async function readPages(
  server: TestServer,
  q: string,
  { total, size, ...parameters }: Parameters & { readonly total: number; readonly size: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 0; ; page++) {
    const answer = await askForIds(server, q, { per_page: size, page, include_totals: true, ...parameters });
    expect(answer.total, `the total of ${q}`).toBe(total);
    ids.push(...answer.ids);
    if (answer.ids.length < size) return ids;
  }
}

/** Every id by `take` and `from`. */
export async function readCheckpoints(
  server: TestServer,
  q: string,
  { size, ...parameters }: Parameters & { readonly size: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let from: unknown; ; ) {
    const answer = await askForIds(server, q, {
      take: size,
      ...(typeof from === 'string' ? { from } : {}),
      ...parameters,
    });
    ids.push(...answer.ids);
    from = answer.next;
    if (from === undefined) return ids;
  }
}
