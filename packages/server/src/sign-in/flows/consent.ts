import type { FastifyInstance } from 'fastify';
import { findApplication, findResourceServer } from '../../applications/index.ts';
import { fill, type Texts } from '../pages/index.ts';
import type { Flow } from './flow.ts';
import type { Transaction } from './transaction.ts';

/** Registers `/u/consent`. */
export function registerConsent(server: FastifyInstance, flow: Flow): void {
  server.get(
    '/u/consent',
    flow.onTransaction(async (request, reply, transaction) => {
      const application = await findApplication(flow.database, transaction.clientId);
      const describe = await createScopeDescriber(flow, transaction);
      const csrf = flow.guard.issue(request, reply);
      return flow.show(
        request,
        reply,
        ({ texts }) => {
          const { consent } = texts.consent;
          const values = { clientName: application?.name ?? transaction.clientId };
          return {
            pageTitle: fill(consent.pageTitle, values),
            title: fill(consent.title, values),
            description: fill(consent.description, values),
            items: describe(texts),
            form: {
              action: '/u/consent',
              hidden: { state: transaction.state, csrf },
              fields: [],
              buttons: [
                { label: consent.acceptButtonText, name: 'action', value: 'accept' },
                { label: consent.declineButtonText, name: 'action', value: 'deny' },
              ],
            },
          };
        },
        { requested: transaction.locales },
      );
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

/** Scopes as the person sees them: the API's descriptions, and what the scopes of OpenID Connect open. */
async function createScopeDescriber(
  flow: Flow,
  { audience, wantedScope }: Transaction,
): Promise<(texts: Texts) => string[]> {
  const api =
    audience === undefined ? undefined : await findResourceServer(flow.database, flow.secrets, audience);
  return ({ consent: { consent } }) => {
    const known = new Map([
      ['profile', consent.profile],
      ['email', consent.email],
      ['phone', consent.phone],
      ['address', consent.address],
      ['offline_access', consent.offlineAccess],
    ]);
    const items = wantedScope
      .filter((scope) => scope !== 'openid')
      .map((scope) => known.get(scope) ?? (api?.scopeDescriptions.get(scope) || scope));
    return items.length > 0 ? items : [consent.openid];
  };
}
