import { goodPassword, post } from './accounts-fixture.ts';
import { createClient, database } from './sign-in-fixture.ts';
import { startTestServer, type TestAnswer, type TestServer } from './test-server.ts';

/** A server, and an application whose users sign up there. */
export interface SignUpFixture {
  readonly server: TestServer;
  readonly clientId: string;
  /** Signs up to the default database with a good password, unless the body says otherwise. */
  signUp(body: Record<string, unknown>, headers?: Record<string, string>): Promise<TestAnswer>;
}

export async function startSignUpFixture(): Promise<SignUpFixture> {
  const server = await startTestServer({ MUSTER_TRUST_PROXY: 'true' });
  const { id: clientId } = await createClient(server);
  return {
    server,
    clientId,
    signUp: (body, headers = {}) =>
      post(
        server,
        '/dbconnections/signup',
        { client_id: clientId, connection: database, password: goodPassword, ...body },
        headers,
      ),
  };
}
