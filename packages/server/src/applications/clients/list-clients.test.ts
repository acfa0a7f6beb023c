import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
let secret: string;
let id: string;

beforeAll(async () => {
  server = await startTestServer();
  for (let index = 0; index < 9; index++) {
    const answer = await server.request('POST', '/clients', {
      body: { name: `Listed ${index}`, app_type: index % 2 ? 'spa' : 'native', is_first_party: index > 2 },
    });
    expect(answer.status, answer.text).toBe(201);
    ({ client_id: id, client_secret: secret } = answer.body);
  }
});
afterAll(() => server.close());

const list = (query: Record<string, string | number | boolean> = {}, scopes?: readonly string[]) =>
  server.request('GET', '/clients', { query, ...(scopes ? { scopes } : {}) });
const idsOf = (rows: readonly { client_id: string }[]) => rows.map((row) => row.client_id);

describe('the list of clients', () => {
  it('is a bare array without paging, the oldest first', async () => {
    const { body } = await list();
    expect(body).toHaveLength(12); // nine of here, the global one, the dashboard's and the one of this server
    expect(body.slice(-9).map((row: { name: string }) => row.name)).toEqual(
      Array.from({ length: 9 }, (_, index) => `Listed ${index}`),
    );
  });

  it('comes to its end by every size of page, with none lost and none twice', async () => {
    const all = idsOf((await list()).body);
    for (const size of [1, 3, 4, 12, 100]) {
      const paged: string[] = [];
      for (let page = 0; ; page++) {
        const { body } = await list({ page, per_page: size, include_totals: true });
        expect(body).toEqual({ start: page * size, limit: size, total: 12, clients: body.clients });
        paged.push(...idsOf(body.clients));
        if (body.clients.length < size) break;
      }
      expect(paged).toEqual(all);

      const walked: string[] = [];
      for (let next: string | undefined = ''; next !== undefined; ) {
        const { body } = await list({ take: size, ...(next ? { from: next } : {}) });
        expect(Object.keys(body).filter((key) => key !== 'next')).toEqual(['clients']);
        walked.push(...idsOf(body.clients));
        next = body.next;
      }
      expect(walked).toEqual(all);
    }
  });

  it('takes `take` before page and per_page, and goes on with another size', async () => {
    const all = idsOf((await list()).body);
    const first = await list({ take: 2, page: 4, per_page: 1, include_totals: true });
    expect(idsOf(first.body.clients)).toEqual(all.slice(0, 2));
    const second = await list({ take: 5, from: first.body.next });
    expect(idsOf(second.body.clients)).toEqual(all.slice(2, 7));
    expect(first.headers['link']).toBeUndefined();
  });

  it('names its neighbours in the Link header, keeping the parameters of the request', async () => {
    const { headers } = await list({ app_type: 'spa', per_page: 1, page: 1 });
    const links = [...String(headers['link']).matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(
      ([, url = '', rel]) => ({
        rel,
        query: Object.fromEntries(new URL(url).searchParams),
      }),
    );
    const at = (page: string) => ({ app_type: 'spa', page, per_page: '1' });
    expect(links).toEqual([
      { rel: 'first', query: at('0') },
      { rel: 'prev', query: at('0') },
      { rel: 'next', query: at('2') },
      { rel: 'last', query: at('4') },
    ]);
  });

  it('is filtered in every form alike', async () => {
    for (const [query, total] of [
      [{ app_type: 'spa' }, 5],
      [{ app_type: 'spa, native' }, 10],
      [{ app_type: 'spa', is_first_party: false }, 1],
      [{ is_first_party: false }, 3],
      [{ is_global: false }, 11],
      [{ is_global: true }, 1],
      [{ external_client_id: 'https://example.com/client' }, 0],
    ] as const) {
      expect((await list(query)).body).toHaveLength(total);
      expect((await list({ ...query, include_totals: true, per_page: 1 })).body.total).toBe(total);
      expect((await list({ ...query, take: 100 })).body.clients).toHaveLength(total);
    }
  });

  it.each([
    [['read:clients'], ['callback_url_template', 'grant_types', 'name'], ['client_secret', 'signing_keys']],
    [['read:client_keys'], ['client_secret', 'signing_keys', 'name', 'grant_types'], []],
    [['read:client_summary'], ['client_id', 'name', 'app_type'], ['grant_types', 'client_secret']],
    [['read:client_credentials'], ['client_id'], ['name', 'client_secret', 'tenant']],
    [
      ['read:client_summary', 'read:client_credentials'],
      ['client_id', 'name'],
      ['grant_types', 'client_secret'],
    ],
  ])('shows by %j only what that lets be read', async (scopes, shown, hidden) => {
    const { body, text } = await list({ per_page: 100 }, scopes);
    const [last] = body.slice(-1);
    for (const key of shown) expect(last).toHaveProperty(key);
    for (const key of hidden) expect(last).not.toHaveProperty(key);
    expect(text.includes(secret)).toBe(scopes.includes('read:client_keys'));
  });

  it('refuses fields that the scopes do not cover, but lets them be left out', async () => {
    const refused = await list({ fields: 'name,client_secret' }, ['read:clients']);
    expect(refused.status).toBe(403);
    expect(refused.body.errorCode).toBe('insufficient_scope');
    expect((await list({ fields: 'grant_types' }, ['read:client_summary'])).status).toBe(403);
    const without = await list({ fields: 'client_secret,name', include_fields: false }, ['read:clients']);
    expect(without.status).toBe(200);
    expect(without.body[0]).not.toHaveProperty('name');
    const one = await server.request('GET', `/clients/${id}`, {
      query: { fields: 'signing_keys' },
      scopes: ['read:clients'],
    });
    expect(one.status).toBe(403);
  });

  it('needs one of the scopes', async () => {
    const answer = await list({}, ['read:users']);
    expect(answer.status).toBe(403);
    expect(answer.body.message).toMatch(/^Insufficient scope, expected any of: read:clients,/);
  });
});
