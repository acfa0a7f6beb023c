import { expect } from 'vitest';
import { type JobsFixture, startJobsFixture } from './jobs-fixture.ts';
import { runImport } from './test-jobs.ts';

const full = {
  user_id: 'full',
  email: 'full@example.com',
  email_verified: true,
  username: 'full',
  phone_number: '+15550100',
  phone_verified: true,
  name: 'Full "Quote" O\'Neill',
  given_name: 'Füll',
  family_name: '=1+1',
  nickname: '@nick',
  picture: 'https://example.com/p.png?a=1,2',
  blocked: true,
  user_metadata: {
    text: '=cmd|x',
    number: 1.5,
    flag: false,
    nothing: { list: [1, [2], { a: null }] },
    ключ: '値\n"x"',
  },
  app_metadata: { roles: ['a', 'b'], 'with space': "it's" },
  last_login: '2024-02-29T23:59:59.999Z',
  last_ip: '2001:db8::1',
  logins_count: 42,
  last_password_reset: '2023-01-01T00:00:00.000Z',
  created_at: '2001-02-03T04:05:06.007Z',
  updated_at: '2024-03-01T00:00:00.000Z',
  custom_password_hash: {
    algorithm: 'sha256',
    hash: { value: 'ab'.repeat(32), encoding: 'hex' },
    salt: { value: 's', position: 'suffix' },
  },
  mfa_factors: [
    { totp: { secret: 'JBSWY3DPEHPK3PXP' } },
    { phone: { value: '+15550100' } },
    { email: { value: 'second@example.com' } },
  ],
  identities: [
    {
      connection: 'Username-Password-Authentication',
      provider: 'auth0',
      user_id: 'full',
      isSocial: false,
      profileData: {
        email: 'full@example.com',
        email_verified: true,
        username: 'full',
        phone_number: '+15550100',
        phone_verified: true,
      },
    },
    {
      connection: 'google-oauth2',
      provider: 'google-oauth2',
      user_id: '10769150350006150715113082367',
      isSocial: true,
      profileData: { email: 'f@gmail.example', name: 'F', locale: 'de', list: [1] },
    },
  ],
};
const others = [
  { user_id: 'bare', email: 'bare@example.com', username: 'bare' },
  { user_id: 'empty', email: 'empty@example.com', username: 'empty', user_metadata: {}, app_metadata: {} },
  {
    user_id: 'bcrypt',
    email: 'bcrypt@example.com',
    username: 'bcrypt',
    email_verified: false,
    blocked: false,
    password_hash: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K',
  },
];

const google = (user_id: string, profileData: Record<string, unknown>) => ({
  connection: 'google-oauth2',
  provider: 'google-oauth2',
  user_id,
  isSocial: true,
  profileData,
});
const socials = [
  {
    email: 'Social@Example.com',
    name: 'Social',
    identities: [google('123', { email: 'Social@Example.com' })],
  },
  {
    email: 'both@gmail.example',
    identities: [
      google('456', { email: 'both@gmail.example', locale: 'de' }),
      {
        connection: 'Username-Password-Authentication',
        provider: 'auth0',
        user_id: 'linked',
        isSocial: false,
        profileData: { email: 'linked@example.com', email_verified: true, username: 'linked' },
      },
    ],
  },
];

/** A server with users for exports: of every kind of value, with each kind of password, and with accounts elsewhere. */
export async function startExportsFixture(): Promise<JobsFixture> {
  const fixture = await startEmptyFixture();
  const { server, connection_id } = fixture;
  const job = await runImport(server, [full, ...others, ...socials], { connection_id });
  expect(job.summary).toMatchObject({ inserted: 6, failed: 0 });
  const own = await server.request('POST', '/users', {
    body: {
      connection: 'Username-Password-Authentication',
      user_id: 'own',
      email: 'own@example.com',
      username: 'own',
      password: 'Correct-horse-9',
    },
  });
  expect(own.status).toBe(201);
  return fixture;
}

/** The same without users: what one exports, the other takes. */
export async function startEmptyFixture(): Promise<JobsFixture> {
  const fixture = await startJobsFixture();
  const { server, connection_id } = fixture;
  const path = `/connections/${connection_id}`;
  const { options } = (await server.request('GET', path)).body;
  await server.request('PATCH', path, {
    body: {
      options: { ...options, requires_username: true, validation: { username: { min: 1, max: 128 } } },
    },
  });
  const enabled_clients = [server.config.managementClient.id];
  await server.request('POST', '/connections', {
    body: { name: 'google-oauth2', strategy: 'google-oauth2', enabled_clients },
  });
  return fixture;
}
