import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, createUser, database, password } from '../../../test/support/sign-in-fixture.ts';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';
import { loadSigningKeys } from '../../tenant/index.ts';

let server: TestServer;
let client: { readonly id: string; readonly secret: string };
beforeAll(async () => {
  server = await startTestServer();
  client = await createClient(server);
});
afterAll(() => server.close());

const path = (id: string) => `/users/${encodeURIComponent(id)}`;
const idIn = (userId: string) => userId.slice(userId.indexOf('|') + 1);
const link = (primary: string, body: Readonly<Record<string, unknown>>, token?: string) =>
  server.request('POST', `${path(primary)}/identities`, { body, ...(token === undefined ? {} : { token }) });
const unlink = (primary: string, secondary: string, token?: string) =>
  server.request('DELETE', `${path(primary)}/identities/auth0/${encodeURIComponent(idIn(secondary))}`, {
    ...(token === undefined ? {} : { token }),
  });
const find = async (q: string) =>
  (await server.request('GET', '/users', { query: { q } })).body.map(
    ({ user_id: id }: { user_id: string }) => id,
  );

/** Two users, of which the second has something to lose. */
async function createPair(name: string): Promise<{ primary: string; secondary: string }> {
  const primary = await createUser(server, `${name}.1@example.com`, { app_metadata: { plan: 'gold' } });
  const secondary = await createUser(server, `${name}.2@example.com`, {
    name: 'Second',
    app_metadata: { plan: 'free' },
    user_metadata: { colour: 'red' },
  });
  return { primary, secondary };
}

async function signIn(email: string): Promise<{ status: number; sub?: string; body: string }> {
  const answer = await server.app.server.inject({
    method: 'POST',
    url: '/oauth/token',
    payload: {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      username: email,
      password,
      client_id: client.id,
      client_secret: client.secret,
      scope: 'openid',
    },
  });
  if (answer.statusCode !== 200) return { status: answer.statusCode, body: answer.payload };
  const [, claims = ''] = String(answer.json().id_token).split('.');
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return { status: 200, sub, body: answer.payload };
}

async function signToken(claims: Readonly<Record<string, unknown>>, change: { issuer?: string } = {}) {
  const [key] = await loadSigningKeys(server.database, createSecretBox(testSecretKey));
  if (!key) throw new Error('no signing key');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuer(change.issuer ?? `${server.config.publicUrl}/`)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await crypto.subtle.importKey('jwk', key.privateJwk, algorithm, false, ['sign']));
}
const ownToken = (subject: string) =>
  signToken({
    sub: subject,
    azp: client.id,
    aud: `${server.config.publicUrl}/api/v2/`,
    scope: 'update:current_user_identities read:current_user',
  });

describe('linking', () => {
  it('makes the other account a further identity, whose sign-in is the primary user', async () => {
    const { primary, secondary } = await createPair('both');
    const answer = await link(primary, { provider: 'auth0', user_id: secondary });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject([
      { user_id: idIn(primary), provider: 'auth0', profileData: { email: 'both.1@example.com' } },
      { user_id: idIn(secondary), profileData: { email: 'both.2@example.com', name: 'Second' } },
    ]);
    const { body, headers } = await server.request('GET', path(primary));
    expect(body).toMatchObject({
      email: 'both.1@example.com',
      app_metadata: { plan: 'gold' },
      identities: answer.body,
    });
    expect(headers['etag']).toBe(answer.headers['etag']);
    expect(body.user_metadata).toBeUndefined();
    expect((await server.request('GET', path(secondary))).status).toBe(404);
    expect((await server.request('DELETE', path(secondary))).status).toBe(204);
    expect(await signIn('both.1@example.com')).toMatchObject({ sub: primary });
    expect(await signIn('both.2@example.com')).toMatchObject({ sub: primary });
  });

  it('is found at once by what the linked identity knows, and no longer as the other user', async () => {
    const { primary, secondary } = await createPair('found');
    expect(await find('email:"found.2@example.com"')).toEqual([secondary]);
    await link(primary, { provider: 'auth0', user_id: idIn(secondary) });
    expect(await find('email:"found.2@example.com"')).toEqual([]);
    expect(await find('identities.profileData.email:"found.2@example.com"')).toEqual([primary]);
    expect(await find(`identities.user_id:"${idIn(secondary)}"`)).toEqual([primary]);
  });

  it('takes the identities along that the other user has linked', async () => {
    const { primary, secondary } = await createPair('chain');
    const third = await createUser(server, 'chain.3@example.com');
    await link(secondary, { provider: 'auth0', user_id: third });
    const { body } = await link(primary, { provider: 'auth0', user_id: secondary });
    expect(body.map(({ user_id: id }: { user_id: string }) => id)).toEqual(
      [primary, secondary, third].map(idIn),
    );
    expect(await signIn('chain.3@example.com')).toMatchObject({ sub: primary });
  });

  it('writes one log event of the change, about the primary user', async () => {
    const { primary, secondary } = await createPair('logged');
    await link(primary, { provider: 'auth0', user_id: secondary });
    const { body } = await server.request('GET', `${path(primary)}/logs`);
    expect(body[0]).toMatchObject({ type: 'sapi', description: 'Link a user account', user_id: primary });
  });

  it('refuses what cannot be linked, with the documented texts, and changes nothing', async () => {
    const { primary, secondary } = await createPair('refused');
    const [connection] = (await server.request('GET', '/connections', { query: { name: database } })).body;
    const linked = await createUser(server, 'refused.3@example.com');
    await link(secondary, { provider: 'auth0', user_id: linked });
    const before = (await server.request('GET', path(primary))).body;
    for (const [body, status, message] of [
      [{ provider: 'auth0', user_id: primary }, 400, 'Main identity and the new one are the same.'],
      [{ provider: 'auth0', user_id: 'nobody' }, 400, 'Linking to an inexistent identity is not allowed.'],
      [{ provider: 'google-apps', user_id: '1' }, 400, 'The provider/connection is not configured.'],
      [{ provider: 'auth0', user_id: linked }, 409, 'Specified identity already exists.'],
      [{ link_with: 'x.y.z' }, 400, 'Invalid token (link_with).'],
      [{ provider: 'auth0' }, 400, undefined],
      [{ link_with: 'x', provider: 'auth0' }, 400, undefined],
      [{}, 400, undefined],
    ] as const) {
      const answer = await link(primary, body);
      expect(answer.status, JSON.stringify(body)).toBe(status);
      if (message !== undefined) expect(answer.body.message).toBe(message);
    }
    const unknown = { provider: 'auth0', user_id: secondary, connection_id: 'con_0000000000000000' };
    expect((await link(primary, unknown)).body.message).toBe('The provider/connection is not configured.');
    expect((await link('auth0|nobody', { provider: 'auth0', user_id: secondary })).status).toBe(404);
    expect((await server.request('GET', path(primary))).body).toEqual(before);
    const known = { provider: 'auth0', user_id: secondary, connection_id: connection.id };
    expect((await link(primary, known)).status).toBe(201);
  });

  it('happens once when it is asked for many times at once', async () => {
    const { primary, secondary } = await createPair('race');
    const rival = await createUser(server, 'race.3@example.com');
    const answers = await Promise.all(
      [primary, rival, primary, rival].map((id) => link(id, { provider: 'auth0', user_id: secondary })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    const owners = await find(`identities.user_id:"${idIn(secondary)}"`);
    expect(owners).toHaveLength(1);
  });

  it('goes with the primary user when that is deleted', async () => {
    const { primary, secondary } = await createPair('deleted');
    await link(primary, { provider: 'auth0', user_id: secondary });
    await server.request('DELETE', path(primary));
    expect((await signIn('deleted.2@example.com')).status).toBe(403);
    expect(await createUser(server, 'deleted.2@example.com')).toMatch(/^auth0\|/);
  });

  it('lets a block of the primary user hold for every identity', async () => {
    const { primary, secondary } = await createPair('blocked');
    await link(primary, { provider: 'auth0', user_id: secondary });
    await server.request('PATCH', path(primary), { body: { blocked: true } });
    expect((await signIn('blocked.2@example.com')).body).toContain('user is blocked');
  });
});

describe('linking with a token of one’s own', () => {
  it('needs the ID token of the other account, made for the same application', async () => {
    const { primary, secondary } = await createPair('own');
    const token = await ownToken(primary);
    const proof = (claims: Readonly<Record<string, unknown>>, change = {}) =>
      signToken({ sub: secondary, aud: client.id, ...claims }, change);
    for (const [sent, message] of [
      [{ link_with: await proof({ aud: 'other' }) }, /must have an aud claim that matches/],
      [{ link_with: await proof({ aud: [client.id, 'other'] }) }, /must have an aud claim that matches/],
      [{ link_with: await proof({}, { issuer: 'https://other.example/' }) }, /must have the same issuer/],
      [{ link_with: await proof({ sub: undefined }) }, /must contains sub claim/],
      [{ link_with: await proof({ sub: 'auth0|nobody' }) }, /secondary account not found/],
      [{ link_with: await proof({ sub: primary }) }, /are the same/],
    ] as const) {
      const answer = await link(primary, sent, token);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(message);
    }
    const named = { provider: 'auth0', user_id: secondary };
    expect((await link(primary, named, token)).status).toBe(403);
    expect((await link(secondary, { link_with: await proof({}) }, token)).body.errorCode).toBe(
      'unowned_resource',
    );
    expect((await link(primary, { link_with: await proof({}) }, token)).status).toBe(201);
    expect((await unlink(primary, secondary, await ownToken(secondary))).status).toBe(401);
    expect((await unlink(primary, secondary, token)).status).toBe(200);
  });
});

describe('unlinking', () => {
  it('makes the identity a user of its own again, with its password and without metadata', async () => {
    const { primary, secondary } = await createPair('apart');
    await link(primary, { provider: 'auth0', user_id: secondary });
    const answer = await unlink(primary, secondary);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toHaveLength(1);
    expect(answer.body[0]).not.toHaveProperty('profileData');
    const { body } = await server.request('GET', path(secondary));
    expect(body).toMatchObject({ email: 'apart.2@example.com', name: 'Second', email_verified: true });
    expect(body).not.toHaveProperty('user_metadata');
    expect(body).not.toHaveProperty('app_metadata');
    expect(await signIn('apart.2@example.com')).toMatchObject({ sub: secondary });
    expect(await signIn('apart.1@example.com')).toMatchObject({ sub: primary });
    expect(await find('email:"apart.2@example.com"')).toEqual([secondary]);
    expect(await find('identities.profileData.email:"apart.2@example.com"')).not.toContain(primary);
    expect((await link(primary, { provider: 'auth0', user_id: secondary })).status).toBe(201);
  });

  it('refuses the main identity, and one that is not there', async () => {
    const { primary, secondary } = await createPair('main');
    expect((await unlink(primary, primary)).body.message).toBe('Main identity cannot be removed.');
    expect((await unlink(primary, secondary)).status).toBe(404);
    expect((await unlink('auth0|nobody', secondary)).status).toBe(404);
  });
});
