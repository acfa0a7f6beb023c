import { once } from 'node:events';
import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { pino } from 'pino';
import { inject } from 'vitest';
import { createApp } from '../../src/app.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import type { Config } from '../../src/config.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { makeCertificate } from './certificate.ts';
import { testConfig, testSecretKey } from './test-config.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export interface TlsServer {
  /** `localhost:port`, what official clients call the domain. */
  readonly domain: string;
  readonly config: Config;
  readonly testDatabase: TestDatabase;
  close(): Promise<void>;
}

/** The application listening with TLS on loopback, under a certificate that this process trusts from now on. */
export async function startTlsServer(): Promise<TlsServer> {
  const port = await findFreePort();
  const domain = `localhost:${port}`;
  const tls = await makeCertificate();
  setDefaultCACertificates([...getCACertificates('default'), tls.certificate]);
  const testDatabase = await createTestDatabase(inject('postgres'));
  const config = testConfig({
    MUSTER_PUBLIC_URL: `https://${domain}`,
    PORT: String(port),
    HOST: '127.0.0.1',
  });
  const secrets = createSecretBox(testSecretKey);
  await bootstrap(testDatabase.database, config, secrets);
  const app = await createApp({
    config,
    database: testDatabase.database,
    searchDatabase: testDatabase.searchDatabase,
    preparedSearchDatabase: testDatabase.preparedSearchDatabase,
    secrets,
    logger: pino({ level: config.logLevel }),
    tls,
  });
  await app.server.listen({ port, host: '127.0.0.1' });
  return {
    domain,
    config,
    testDatabase,
    close: async () => {
      await app.server.close();
      await testDatabase.drop();
    },
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
