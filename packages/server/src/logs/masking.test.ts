import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskSecrets } from './masking.ts';

const secretNames = [
  'password',
  'oldPassword',
  'new_password',
  'password_hash',
  'passwd',
  'smtp_pass',
  'pwd',
  'passphrase',
  'client_secret',
  'clientSecret',
  'app_secret',
  'signing_secret',
  'totp_secret',
  'secret',
  'secretAccessKey',
  'CLIENT_SECRET',
  'token',
  'access_token',
  'accessToken',
  'accesstoken',
  'refresh_token',
  'refreshToken',
  'id_token',
  'twilio_token',
  'splunkToken',
  'initial_access_token',
  'otp',
  'totp',
  'pin',
  'recovery_code',
  'recoveryCode',
  'verification_code',
  'oob_code',
  'mfaCode',
  'api_key',
  'apiKey',
  'apikey',
  'X-Api-Key',
  'datadogApiKey',
  'segmentWriteKey',
  'storageAccessKey',
  'sasKey',
  'private_key',
  'privateKey',
  'key',
  'hash',
  'salt',
  'pem',
  'p12',
  'client_assertion',
  'httpAuthorization',
  'authorization',
  'Authorization',
  'Cookie',
  'set-cookie',
  'connectionString',
  'mixpanelServiceAccountPassword',
  'ticket',
  'resetUrl',
  'verificationUrl',
  'credential',
];

const harmlessNames = [
  'passwordPolicy',
  'password_policy',
  'last_password_reset',
  'password_set_date',
  'token_endpoint_auth_method',
  'token_endpoint',
  'authorization_endpoint',
  'authorizationURL',
  'tokenURL',
  'token_dialect',
  'credential_type',
  'public_key',
  'siteKey',
  'passwordless_method',
  'country_code',
  'status_code',
  'description',
  'email',
  'user_id',
  'client_id',
  'access_key_id',
  'kid',
  'monkey',
  'nickname',
  'algorithm',
  'signing_alg',
  'tokenType',
  'compass',
  'spin',
  'keyboard',
  'hostname',
  'resetable',
  'hashtag',
];

describe('masking of secrets', () => {
  test.each(secretNames)('the text under %s is masked', (name) => {
    expect(maskSecrets({ [name]: 'to be hidden' })).toEqual({ [name]: '*****' });
  });

  test.each(harmlessNames)('the text under %s stays', (name) => {
    expect(maskSecrets({ [name]: 'to be seen' })).toEqual({ [name]: 'to be seen' });
  });

  test('no text under a secret name survives, at any depth and in any list', () => {
    const marker = 'm4rk3r';
    const name = fc.constantFrom(...secretNames);
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const secretValue = fc.oneof(fc.constant(marker), fc.array(fc.constant(marker), { minLength: 1 }));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
        fc
          .tuple(name, secretValue, fc.string(), tie('tree'))
          .map(([key, secret, other, inner]) => ({ [other]: inner, [key]: secret })),
      ),
    }));
    fc.assert(fc.property(tree, (value) => !JSON.stringify(maskSecrets(value) ?? null).includes(marker)));
  });

  test('everything but texts, numbers of codes and the shape stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shape = (part: unknown): unknown =>
          Array.isArray(part)
            ? part.map(shape)
            : typeof part === 'object' && part !== null
              ? Object.entries(part).map(([key, inner]) => [key, shape(inner)])
              : ['string', 'number'].includes(typeof part)
                ? 'value'
                : part;
        expect(shape(maskSecrets(value))).toEqual(shape(value));
      }),
    );
  });

  test('settings with a secret-sounding name keep their choices', () => {
    const settings = {
      passwordPolicy: 'good',
      password_history: { enable: true, size: 5 },
      password_dictionary: { enable: true, dictionary: ['qwerty'] },
      password_complexity_options: { min_length: 12 },
      disable_self_service_change_password: false,
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', token_lifetime: 2592000 },
      jwt_configuration_alg: 'RS256',
      signing_keys: [{ cert: '-----BEGIN CERTIFICATE-----', subject: '/CN=example' }],
    };
    expect(maskSecrets(settings)).toEqual(settings);
  });

  test('a password hash for import is masked with everything below it', () => {
    const body = {
      email: 'a@example.com',
      custom_password_hash: {
        algorithm: 'md5',
        hash: { value: 'abc', encoding: 'hex' },
        salt: { value: 's' },
      },
    };
    expect(maskSecrets(body)).toEqual({
      email: 'a@example.com',
      custom_password_hash: {
        algorithm: '*****',
        hash: { value: '*****', encoding: '*****' },
        salt: { value: '*****' },
      },
    });
  });

  test("settings of a connection's scripts are masked whatever they are called", () => {
    expect(maskSecrets({ options: { configuration: { HOST: 'db', deep: { url: 'x' } } } })).toEqual({
      options: { configuration: { HOST: '*****', deep: { url: '*****' } } },
    });
  });

  test('the private part of a JSON Web Key is masked, the public part stays', () => {
    expect(maskSecrets({ jwk: { kty: 'RSA', n: 'n', e: 'AQAB', kid: '1', d: 'd', p: 'p', q: 'q' } })).toEqual(
      {
        jwk: { kty: 'RSA', n: 'n', e: 'AQAB', kid: '1', d: '*****', p: '*****', q: '*****' },
      },
    );
    expect(maskSecrets({ d: 'day', p: 'page' })).toEqual({ d: 'day', p: 'page' });
  });

  test('a value is masked by the label beside it', () => {
    const headers = [
      { header: 'Authorization', value: 'Splunk 1' },
      { header: 'X-Tenant', value: 'acme' },
    ];
    expect(maskSecrets({ httpCustomHeaders: headers })).toEqual({
      httpCustomHeaders: [
        { header: 'Authorization', value: '*****' },
        { header: 'X-Tenant', value: 'acme' },
      ],
    });
  });

  test.each([
    ['a signed token', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    ['a password hash', '$2b$10$abcdefghijklmnopqrstuv'],
    ['an argon2 hash', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$aGFzaA'],
  ])('%s is masked under any name', (_kind, text) => {
    expect(maskSecrets({ note: text })).toEqual({ note: '*****' });
  });

  test('codes that are numbers are masked, lifetimes and flags stay', () => {
    expect(
      maskSecrets({ otp: 123456, pin: 1234, token_lifetime: 86400, password: true, recovery_code: 12 }),
    ).toEqual({
      otp: '*****',
      pin: '*****',
      token_lifetime: 86400,
      password: true,
      recovery_code: '*****',
    });
  });

  test('an empty text stays, as it says that there is no secret', () => {
    expect(maskSecrets({ client_secret: '' })).toEqual({ client_secret: '' });
  });
});
