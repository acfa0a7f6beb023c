import { type Config, readConfig } from '../../src/config.ts';

export const testSecretKey = 'a secret key for tests only, 32+ characters';
export const testManagementClient = {
  id: 'testManagementClient000000000000',
  secret: 'test-management-client-secret-0123456789-abcdefghijklmnopqrstuvw',
};

/** What tokens for the Management API are for, at the address that `testConfig` gives it. */
export const managementAudience = 'http://muster.test/api/v2/';

/** A configuration as the environment of a test server would give it. */
export function testConfig(environment: Record<string, string> = {}): Config {
  return readConfig({
    MUSTER_PUBLIC_URL: 'http://muster.test',
    MUSTER_SECRET_KEY: testSecretKey,
    MUSTER_ADMIN_EMAIL: 'admin@example.com',
    MUSTER_ADMIN_PASSWORD: 'Test-administrator-1',
    MUSTER_MANAGEMENT_CLIENT_ID: testManagementClient.id,
    MUSTER_MANAGEMENT_CLIENT_SECRET: testManagementClient.secret,
    MUSTER_LOG_LEVEL: 'fatal',
    MUSTER_CHECK_ANSWERS: 'true',
    // The least that is allowed: tests hash thousands of passwords.
    MUSTER_PASSWORD_MEMORY: '19',
    MUSTER_PASSWORD_PASSES: '2',
    ...environment,
  });
}
