import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootstrap } from '../../src/bootstrap.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { testSecretKey } from './test-config.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** A server of the test's own, such as an application that people sign in to. */
export interface Listening {
  /** `http://localhost:…`, which browsers count as secure. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a port that the system chooses. */
export async function listen(handle: RequestListener): Promise<Listening> {
  const server = createServer(handle);
  await new Promise<void>((settle) => server.listen(0, 'localhost', settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

/** The whole application behind a real socket, known by the address that browsers use. */
export async function startListeningServer(environment: Record<string, string> = {}): Promise<TestServer> {
  // The public address has the port in it, so the port is found first.
  const probe = await listen((_request, response) => response.end());
  await probe.close();
  const { port } = new URL(probe.url);
  const server = await startTestServer({ ...environment, MUSTER_PUBLIC_URL: probe.url });
  // The Management API of the template is known by another address.
  await bootstrap(server.database, server.config, createSecretBox(testSecretKey));
  await server.app.server.listen({ host: 'localhost', port: Number(port) });
  return server;
}
