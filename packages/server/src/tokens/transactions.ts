import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction, Provider } from 'oidc-provider';
import { isRecord } from '../platform/is-record.ts';
import type { CustomClaims, Transaction, TransactionOutcome, Transactions } from '../sign-in/index.ts';
import { fromResource } from './resource.ts';
import { splitScope } from './scopes.ts';
import { replayRequest } from './token-request.ts';
import { transactionCookie } from './transaction-cookie.ts';

/** The authorization requests that wait for somebody, for the sign-in pages. */
export function createTransactions(options: {
  readonly publicUrl: string;
  /** The one of now: a rotation of keys makes another. */
  readonly provider: () => Provider;
}): Transactions {
  const cookiesOf = (request: FastifyRequest, reply: FastifyReply) => {
    const replay = replayRequest(request, options.publicUrl, { isBrowser: true });
    return options.provider().createContext(replay, reply.raw).cookies;
  };
  const find = async (request: FastifyRequest, reply: FastifyReply, state: string) => {
    // In this browser alone: whoever else learns the id could have a victim sign in for them.
    if (cookiesOf(request, reply).get(transactionCookie(state), { signed: true }) !== state) return undefined;
    const interaction = await options.provider().Interaction.find(state);
    return interaction?.uid === state ? interaction : undefined;
  };
  return {
    find: async (request, reply, state) => {
      const interaction = await find(request, reply, state);
      return interaction && describe(interaction);
    },
    finish: async (request, reply, state, outcome) => {
      const interaction = await find(request, reply, state);
      if (!interaction) return undefined;
      const result = toResult(outcome);
      interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
      await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
      const gone = { path: '/u', signed: true, overwrite: true };
      cookiesOf(request, reply).set(transactionCookie(state), null, gone);
      return interaction.returnTo;
    },
  };
}

function toResult(outcome: TransactionOutcome): Record<string, unknown> {
  switch (outcome.kind) {
    case 'signed in':
      return {
        login: { accountId: outcome.userId, amr: [...outcome.methods], remember: true },
        claims: outcome.claims satisfies CustomClaims,
      };
    case 'denied':
      return {
        login: { accountId: outcome.userId, amr: [...outcome.methods], remember: true },
        denial: { error: outcome.error, description: outcome.description },
      };
    case 'consented':
      return { consent: {} };
    case 'refused':
      return { error: outcome.error, error_description: outcome.description };
  }
}

function describe(interaction: Interaction): Transaction {
  const { params, prompt } = interaction;
  const text = (name: string) => {
    const value = isRecord(params) ? params[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const resource = text('resource');
  const missing = prompt.details['scope'];
  return {
    state: interaction.uid,
    waitsFor: prompt.name === 'consent' ? 'consent' : 'sign-in',
    clientId: text('client_id') ?? '',
    connection: text('connection'),
    loginHint: text('login_hint'),
    screenHint: text('screen_hint'),
    locales: splitScope(text('ui_locales')),
    redirectUri: text('redirect_uri'),
    audience: resource === undefined ? undefined : fromResource(resource),
    scope: text('original_scope'),
    sessionUserId: interaction.session?.accountId,
    wantedScope: Array.isArray(missing) ? missing.map(String) : [],
  };
}
