import { describe, expect, it } from 'vitest';
import type { User } from '../users/index.ts';
import { claimsOfUser, selectCustomClaims, TooManyClaimsError } from './claims.ts';

const presentation = { publicUrl: 'https://id.example.com', usesGravatar: false };
const user: User = {
  userId: 'auth0|1',
  email: 'ada@example.com',
  emailVerified: true,
  phoneNumber: '+4930123456',
  phoneVerified: false,
  givenName: 'Ada',
  attributes: { locale: 'en', gender: null, clearance: 'secret' },
  userMetadata: { colour: 'blue' },
  appMetadata: { plan: 'pro' },
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 1,
  identities: [
    {
      connectionId: 'con_1',
      connection: 'db',
      provider: 'auth0',
      userId: '1',
      isSocial: false,
      profile: {},
    },
  ],
};
const claims = (...scopes: string[]) => claimsOfUser(user, new Set(scopes), presentation);

describe('the claims of a user', () => {
  it('are the id alone without a scope', () => {
    expect(claims('openid')).toEqual({ sub: 'auth0|1' });
  });

  it('follow the scopes, and leave out what is unknown', () => {
    expect(claims('openid', 'email', 'phone')).toEqual({
      sub: 'auth0|1',
      email: 'ada@example.com',
      email_verified: true,
      phone_number: '+4930123456',
      phone_number_verified: false,
    });
    const profile = claims('openid', 'profile');
    expect(profile).toMatchObject({
      name: 'ada@example.com',
      nickname: 'ada',
      given_name: 'Ada',
      locale: 'en',
      updated_at: '1970-01-01T00:00:00.000Z',
    });
    expect(profile).not.toHaveProperty('gender');
  });

  it('never hold metadata, identities or attributes that are no claims', () => {
    const all = claims('openid', 'profile', 'email', 'address', 'phone');
    for (const key of ['user_metadata', 'app_metadata', 'identities', 'clearance', 'user_id'])
      expect(all).not.toHaveProperty(key);
  });
});

describe('custom claims', () => {
  const select = (wanted: Record<string, unknown>, scopes: string[] = [], namespacedOnly = false) =>
    selectCustomClaims(wanted, {
      scopes: new Set(scopes),
      issuer: 'https://id.example.com/',
      namespacedOnly,
    });

  it('pass in a namespace or under a free name, and not under reserved ones', () => {
    const wanted = { 'https://acme.example/role': 'admin', department: 'R&D' };
    expect(select({ ...wanted, sub: 'auth0|2', iss: 'x', permissions: ['all'], gty: 'x', sip_a: 1 })).toEqual(
      wanted,
    );
    expect(select(wanted, [], true)).toEqual({ 'https://acme.example/role': 'admin' });
  });

  it('cannot take our own namespace', () => {
    expect(select({ 'https://id.example.com/role': 'admin' })).toEqual({});
  });

  it('set a profile claim only where its scope was granted', () => {
    expect(select({ email: 'other@example.com' })).toEqual({});
    expect(select({ email: 'other@example.com' }, ['email'])).toEqual({ email: 'other@example.com' });
  });

  it('fail when a token could not carry them', () => {
    expect(() => select({ 'https://acme.example/much': 'x'.repeat(100_001) })).toThrow(TooManyClaimsError);
  });
});
