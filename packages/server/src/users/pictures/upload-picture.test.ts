import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { drawLetterPicture } from './letter-picture.ts';

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  id = await createUser(server, 'pictured@example.com');
});
afterAll(() => server?.close());

const png = drawLetterPicture('xy');
const send = async (
  userId: string,
  payload: Buffer,
  headers: Record<string, string> = {},
  scopes?: string[],
) =>
  server.fetchRaw('PUT', `/api/v2/users/${encodeURIComponent(userId)}/picture`, {
    payload,
    headers: {
      authorization: `Bearer ${await server.getToken(scopes)}`,
      'content-type': 'application/octet-stream',
      ...headers,
    },
  });
const fetchPicture = (address: string) =>
  server.app.server.inject({ method: 'GET', url: new URL(address).pathname });
const countPictures = async () =>
  (await sql<{ count: number }>`SELECT count(*) AS count FROM user_pictures`.execute(server.database)).rows[0]
    ?.count;

describe('an uploaded picture', () => {
  it('becomes the user’s, is served for good and runs nothing', async () => {
    const { status, body } = await send(id, png);
    expect(status).toBe(200);
    expect(body.picture).toMatch(/^http:\/\/muster\.test\/avatars\/[A-Za-z0-9]{22}$/);
    const found = (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body;
    expect(found.picture).toBe(body.picture);
    const answer = await fetchPicture(body.picture);
    expect(answer.rawPayload).toEqual(png);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    const [event] = (await server.request('GET', '/logs', { query: { q: `user_id:"${id}" AND type:sapi` } }))
      .body;
    expect(event.description).toBe("Upload a user's picture");
  });

  it('takes the place of the one before, which goes after a while', async () => {
    const first = (await send(id, png)).body.picture;
    await sql`UPDATE user_pictures SET created_at = now() - interval '1 hour'`.execute(server.database);
    const second = (await send(id, png)).body.picture;
    expect((await fetchPicture(first)).statusCode).toBe(404);
    expect((await fetchPicture(second)).statusCode).toBe(200);
    const path = `/users/${encodeURIComponent(id)}`;
    const { body } = await server.request('PATCH', path, { body: { picture: null } });
    expect(body.picture).not.toBe(second);
  });

  it('goes with its user', async () => {
    const other = await createUser(server, 'leaving@example.com');
    const before = await countPictures();
    const { picture } = (await send(other, png)).body;
    await server.request('DELETE', `/users/${encodeURIComponent(other)}`);
    expect((await fetchPicture(picture)).statusCode).toBe(404);
    expect(await countPictures()).toBe(before);
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 400],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 400],
    ['nothing', Buffer.alloc(0), 400],
    ['more than 512 KiB', Buffer.concat([png, Buffer.alloc(512 * 1024)]), 413],
  ])('is refused when it is %s, and leaves nothing', async (_name, payload, expected) => {
    const before = await countPictures();
    const { status, body } = await send(id, payload);
    expect([status, body.statusCode]).toEqual([expected, expected]);
    expect(await countPictures()).toBe(before);
  });

  it.each([
    ['GIF', Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1'), 'image/gif'],
    ['JPEG', Buffer.from('\xff\xd8\xff\xe0rest', 'latin1'), 'image/jpeg'],
    ['WebP', Buffer.from('RIFF\n\x00\r\x00WEBPVP8 ', 'latin1'), 'image/webp'],
  ])('may be a %s', async (_name, payload, type) => {
    const { body } = await send(id, payload);
    expect((await fetchPicture(body.picture)).headers['content-type']).toBe(type);
  });

  it('is refused for nobody, by a stale version, and without the scope, and leaves nothing', async () => {
    const before = await countPictures();
    expect((await send('auth0|nobody', png)).status).toBe(404);
    expect((await send(id, png, { 'if-match': '"0"' })).status).toBe(412);
    expect((await send(id, png, {}, ['read:users'])).status).toBe(403);
    expect(await countPictures()).toBe(before);
  });
});
