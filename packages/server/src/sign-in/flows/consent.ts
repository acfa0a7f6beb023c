import type { FastifyInstance } from 'fastify';
import { findApplication, findResourceServer } from '../../applications/index.ts';
import type { Flow } from './flow.ts';
import { sendPage } from './page-answer.ts';
import { renderForm } from './plain-pages.ts';
import type { Transaction } from './transaction.ts';

/** Registers `/u/consent`. */
export function registerConsent(server: FastifyInstance, flow: Flow): void {
  server.get(
    '/u/consent',
    flow.onTransaction(async (request, reply, transaction) => {
      const application = await findApplication(flow.database, transaction.clientId);
      const page = renderForm({
        title: 'Authorize application',
        text: `${application?.name ?? transaction.clientId} asks for access to your account:`,
        items: await describeScopes(flow, transaction),
        action: '/u/consent',
        hidden: { state: transaction.state, csrf: flow.guard.issue(request, reply) },
        fields: [],
        buttons: [
          { label: 'Accept', name: 'action', value: 'accept' },
          { label: 'Decline', name: 'action', value: 'deny' },
        ],
      });
      return sendPage(reply, page);
    }),
  );

  server.post(
    '/u/consent',
    flow.onTransaction((request, reply, transaction, form) =>
      flow.finish(
        request,
        reply,
        transaction,
        form['action'] === 'accept' && transaction.waitsFor === 'consent'
          ? { kind: 'consented' }
          : {
              kind: 'refused',
              error: 'access_denied',
              description: 'User did not authorize the request',
            },
      ),
    ),
  );
}

const knownScopes: Readonly<Record<string, string>> = {
  profile: 'Your name and picture',
  email: 'Your email address',
  phone: 'Your phone number',
  address: 'Your address',
  offline_access: 'Access while you are away',
};

/** As the person sees them: the API's descriptions, and what the scopes of OpenID Connect open. */
async function describeScopes(flow: Flow, { audience, wantedScope }: Transaction): Promise<string[]> {
  const api =
    audience === undefined ? undefined : await findResourceServer(flow.database, flow.secrets, audience);
  return wantedScope
    .filter((scope) => scope !== 'openid')
    .map((scope) => knownScopes[scope] ?? (api?.scopeDescriptions.get(scope) || scope));
}
