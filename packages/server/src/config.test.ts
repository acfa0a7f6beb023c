import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      workers: 1,
      logRetentionDays: 0,
      databaseUrl: undefined,
    });
  });

  it('takes an empty value as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', MUSTER_PUBLIC_URL: '' })).toEqual(readConfig({}));
  });

  it('is https when the two TLS files are given', () => {
    expect(
      readConfig({ MUSTER_TLS_CERT_FILE: 'a.pem', MUSTER_TLS_KEY_FILE: 'b.pem', PORT: '8443' }).publicUrl,
    ).toBe('https://localhost:8443');
  });

  it.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, not "http".'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535, not "70000".'],
    [{ MUSTER_WORKERS: '0' }, 'MUSTER_WORKERS must be a whole number from 1 to 128, not "0".'],
    [
      { MUSTER_PUBLIC_URL: 'id.example.com' },
      'MUSTER_PUBLIC_URL must be an http or https origin such as https://id.example.com, not "id.example.com".',
    ],
    [
      { MUSTER_PUBLIC_URL: 'https://example.com/sub' },
      'MUSTER_PUBLIC_URL must be an http or https origin such as https://id.example.com, not "https://example.com/sub".',
    ],
    [{ MUSTER_TLS_CERT_FILE: 'a.pem' }, 'Set both MUSTER_TLS_CERT_FILE and MUSTER_TLS_KEY_FILE, or neither.'],
    [
      { MUSTER_SECRET_KEY: 'short' },
      'MUSTER_SECRET_KEY must have at least 32 characters; `openssl rand -base64 48` makes a good one.',
    ],
    [
      { MUSTER_LOG_LEVEL: 'loud' },
      'MUSTER_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud".',
    ],
    [
      { MUSTER_PASSWORD_MEMORY: '10' },
      'MUSTER_PASSWORD_MEMORY times MUSTER_PASSWORD_PASSES must be 35 or more, not 30: cheaper hashes are guessed too quickly.',
    ],
    [
      { MUSTER_DATABASE_MEMORY: '8' },
      'MUSTER_DATABASE_MEMORY must be a whole number from 16 to 1048576, not "8".',
    ],
    [{ MUSTER_GRAVATAR: 'yes' }, 'MUSTER_GRAVATAR must be one of true, false, not "yes".'],
    [{ MUSTER_NONSENSE: '1' }, 'Unknown setting MUSTER_NONSENSE. docs/configuration.md lists every setting.'],
  ])('refuses %j in one line', (environment, message) => {
    expect(refusal(environment)).toBe(message);
  });

  it('never prints the password of a DATABASE_URL that it refuses', () => {
    expect(refusal({ DATABASE_URL: 'mysql://user:do-not-print@host/db' })).not.toContain('do-not-print');
  });
});
