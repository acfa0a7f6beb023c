import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Provider, Session } from 'oidc-provider';
import { appendLogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { describeUserOfEvent, findUser } from '../../users/index.ts';
import { deletePayloads } from '../store.ts';
import { replayRequest } from '../token-request.ts';

export interface BrowserSession {
  readonly session: InstanceType<typeof Session>;
  /** Ends it for all applications and takes its cookie. */
  end(details: {
    readonly clientId: string | undefined;
    readonly returnTo: string | undefined;
  }): Promise<void>;
}

/** The session that the browser of a request has; undefined when nobody is signed in. */
export async function findBrowserSession(
  dependencies: { readonly database: Database; readonly publicUrl: string },
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<BrowserSession | undefined> {
  const { database, publicUrl } = dependencies;
  const replay = replayRequest(request, publicUrl, { isBrowser: true });
  const context = provider.createContext(replay, reply.raw);
  const session = await provider.Session.get(context);
  if (!session.accountId) return undefined;
  const { accountId, uid } = session;
  return {
    session,
    end: async ({ clientId, returnTo }) => {
      const user = await findUser(database, accountId);
      await database.transaction().execute(async (transaction) => {
        await deletePayloads(transaction, { models: ['Session'], uid });
        await appendLogEvent(transaction, {
          type: 'slo',
          description: 'User successfully logged out',
          ...(user ? describeUserOfEvent(user) : {}),
          ...(clientId === undefined ? {} : { clientId }),
          ip: request.ip,
          userAgent: request.headers['user-agent'] ?? '',
          details: {
            session_id: uid,
            ...(returnTo === undefined ? {} : { return_to: withoutQuery(returnTo) }),
          },
        });
      });
      context.cookies.set(provider.cookieName('session'), null, { path: '/', signed: true, overwrite: true });
    },
  };
}

/** What applications put there is theirs. */
const withoutQuery = (url: string) => url.replace(/[?#].*$/s, '');
