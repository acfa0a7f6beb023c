import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function createApi(body: Record<string, unknown>) {
  const answer = await server.request('POST', '/resource-servers', { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const at = (idOrIdentifier: string) => `/resource-servers/${encodeURIComponent(idOrIdentifier)}`;
const patch = (idOrIdentifier: string, body: unknown) =>
  server.request('PATCH', at(idOrIdentifier), { body });

describe('an API', () => {
  it('is read, changed and deleted by its identifier, whatever that holds', async () => {
    for (const identifier of ['https://api.example.com/a/b/?c=d#e', 'urn:ä ö:100%', '../clients', 'a%2Fb']) {
      const api = await createApi({ identifier });
      expect((await server.request('GET', at(identifier))).body).toEqual(api);
      expect((await patch(identifier, { name: 'Named' })).body).toEqual({ ...api, name: 'Named' });
      expect((await server.request('DELETE', at(identifier))).status).toBe(204);
      expect((await server.request('GET', at(api.id))).status).toBe(404);
      expect((await server.request('DELETE', at(identifier))).status).toBe(204);
    }
  });

  it('answers 404 with the documented body when there is none', async () => {
    const unknown = { statusCode: 404, error: 'Not Found', errorCode: 'inexistent_resource_server' };
    expect((await server.request('GET', at('urn:nothing'))).body).toEqual({
      ...unknown,
      message: 'The resource server does not exist',
    });
    expect((await patch('urn:nothing', { name: 'x' })).body).toMatchObject(unknown);
  });

  it('is found by its own id before another whose identifier is that id', async () => {
    const first = await createApi({ identifier: 'urn:first' });
    const second = await createApi({ identifier: first.id });
    expect((await server.request('GET', at(first.id))).body.identifier).toBe('urn:first');
    expect((await server.request('DELETE', at(second.id))).status).toBe(204);
  });

  it('is made once when many ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        server.request('POST', '/resource-servers', { body: { identifier: 'urn:contested' } }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(answers.find((answer) => answer.status === 409)?.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'A resource server with the same identifier already exists',
      errorCode: 'resource_server_conflict',
    });
  });

  it('gets a signing_secret with HS256, at creation and later, or keeps the one that is sent', async () => {
    const made = await createApi({ identifier: 'urn:hs', signing_alg: 'HS256' });
    expect(made.signing_secret).toMatch(/^[\w-]{16,}$/);
    expect((await patch('urn:hs', { token_lifetime: 60 })).body).toEqual({ ...made, token_lifetime: 60 });
    const sent = 'sixteen-characters-at-least';
    expect((await patch('urn:hs', { signing_secret: sent })).body.signing_secret).toBe(sent);
    const later = await createApi({ identifier: 'urn:later' });
    expect(later).not.toHaveProperty('signing_secret');
    expect((await patch('urn:later', { signing_alg: 'HS256' })).body.signing_secret).toMatch(/^[\w-]{16,}$/);
    const { text } = await server.request('GET', '/logs', { query: { per_page: 50 } });
    expect(text).toContain('urn:hs');
    expect(text).not.toContain(sent);
    expect(text).not.toContain(made.signing_secret);
  });

  it('has its scopes replaced, and nullable properties removed', async () => {
    await createApi({
      identifier: 'urn:replaced',
      scopes: [{ value: 'a' }, { value: 'b', description: 'B' }],
      proof_of_possession: { mechanism: 'dpop', required: true },
      consent_policy: 'transactional-authorization-with-mfa',
    });
    const { body } = await patch('urn:replaced', {
      scopes: [{ value: 'c', description: 'C' }],
      proof_of_possession: null,
      consent_policy: null,
    });
    expect(body.scopes).toEqual([{ value: 'c', description: 'C' }]);
    expect(body).not.toHaveProperty('proof_of_possession');
    expect(body).not.toHaveProperty('consent_policy');
    expect((await patch('urn:replaced', { scopes: [] })).body.scopes).toEqual([]);
  });

  it.each([
    [{ identifier: undefined }, /Missing required property: identifier/],
    [{ identifier: '' }, /too short \(0 chars\), minimum 1' on property identifier/],
    [{ identifier: 'x'.repeat(601) }, /too long \(601 chars\), maximum 600' on property identifier/],
    [{ name: '<API>' }, /does not match pattern .* on property name/],
    [
      { scopes: [{ value: 'a' }, { value: 'b' }, { value: 'a' }] },
      /not unique \(indexes 0 and 2\)' on property scopes/,
    ],
    [{ scopes: [{ description: 'x' }] }, /Missing required property: value/],
    [{ scopes: [{ value: 'x'.repeat(281) }] }, /on property scopes\[0\]\.value/],
    [{ signing_alg: 'none' }, /No enum match for: "none"' on property signing_alg/],
    [{ signing_secret: 'too-short' }, /on property signing_secret/],
    [{ token_lifetime: 2_592_001 }, /greater than maximum 2592000' on property token_lifetime/],
    [
      { subject_type_authorization: { client: { policy: 'allow_all' } } },
      /subject_type_authorization\.client\.policy/,
    ],
    [{ is_system: true }, /Additional properties not allowed: is_system/],
  ])('is refused with %j', async (change, message) => {
    const { status, body } = await server.request('POST', '/resource-servers', {
      body: { identifier: 'urn:refused', ...change },
    });
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_body');
    expect(body.message).toMatch(message);
    expect((await server.request('GET', at('urn:refused'))).status).toBe(404);
  });

  it('takes its grants with it when it is deleted', async () => {
    await createApi({ identifier: 'urn:short-lived' });
    const grant = await server.request('POST', '/client-grants', {
      body: { client_id: server.config.managementClient.id, audience: 'urn:short-lived', scope: [] },
    });
    await server.request('DELETE', at('urn:short-lived'));
    expect((await server.request('GET', `/client-grants/${grant.body.id}`)).status).toBe(404);
  });

  it('gives machines no token while it denies all of them', async () => {
    const { id: client_id, secret: client_secret } = server.config.managementClient;
    await createApi({ identifier: 'urn:denied' });
    await server.request('POST', '/client-grants', {
      body: { client_id, audience: 'urn:denied', scope: [] },
    });
    const request = () =>
      server.fetchRaw('POST', '/oauth/token', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({
          grant_type: 'client_credentials',
          client_id,
          client_secret,
          audience: 'urn:denied',
        }),
      });
    expect((await request()).status).toBe(200);
    await patch('urn:denied', { subject_type_authorization: { client: { id: '1', policy: 'deny_all' } } });
    expect((await request()).status).toBe(403);
    await patch('urn:denied', { subject_type_authorization: { client: { policy: 'require_client_grant' } } });
    expect((await request()).status).toBe(200);
  });
});

describe('the list of APIs', () => {
  it('is paged with exact totals, the system API first, and filtered by identifiers', async () => {
    const { body: all, headers } = await server.request('GET', '/resource-servers');
    expect(all[0].is_system).toBe(true);
    expect(headers['link']).toContain('rel="first"');
    const seen: string[] = [];
    for (let page = 0; ; page++) {
      const { body } = await server.request('GET', '/resource-servers', {
        query: { page, per_page: 2, include_totals: true },
      });
      expect(body).toMatchObject({ start: page * 2, limit: 2, total: all.length });
      seen.push(...body.resource_servers.map((api: { id: string }) => api.id));
      if (body.resource_servers.length < 2) break;
    }
    expect(seen).toEqual(all.map((api: { id: string }) => api.id));
    const { body: some } = await server.request('GET', '/resource-servers', {
      query: { identifiers: ['urn:first', 'urn:hs'], fields: 'identifier' },
    });
    expect(some).toEqual([{ identifier: 'urn:first' }, { identifier: 'urn:hs' }]);
  });

  it('keeps the system API as it is, by id and by identifier', async () => {
    const identifier = `${server.config.publicUrl}/api/v2/`;
    const { body: api } = await server.request('GET', at(identifier));
    for (const path of [at(identifier), at(api.id)]) {
      for (const method of ['PATCH', 'DELETE'] as const) {
        const answer = await server.request(method, path, method === 'PATCH' ? { body: { scopes: [] } } : {});
        expect(answer.status).toBe(400);
        expect(answer.body.errorCode).toBe('operation_not_supported');
      }
    }
    expect((await server.request('GET', at(identifier))).body).toEqual(api);
  });
});
