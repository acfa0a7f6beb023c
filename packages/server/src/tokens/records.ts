import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { isRecord } from '../platform/is-record.ts';
import type { HolderDetails } from './adapter.ts';
import { settingsOfClient } from './client-metadata.ts';
import { factsOf } from './request-facts.ts';
import { remainingLifetime } from './session-lifetimes.ts';
import type { PayloadRecord, PayloadWrite } from './store.ts';

type Context = KoaContextWithOIDC | undefined;

/** Where sessions and refresh tokens are used from, and the claims that their sign-in wants on tokens. */
export function describeHolder(context: Context, model: string, _payload: AdapterPayload): HolderDetails {
  const facts = context && factsOf(context);
  if (!facts) return { initial: {}, current: {} };
  if (model === 'Grant') return { initial: {}, current: facts.claims ? { claims: facts.claims } : {} };
  if (model !== 'Session' && model !== 'RefreshToken') return { initial: {}, current: {} };
  const { ip, userAgent } = facts;
  return {
    initial: { initial_ip: ip, initial_user_agent: userAgent },
    current: { last_ip: ip, last_user_agent: userAgent },
  };
}

/** What tokens of an exchange consist of: nothing of the same request reads it again. */
const issuedModels = new Set(['Grant', 'AccessToken', 'RefreshToken']);

/** Keeps what a token request issues until its event is written. @returns whether it does */
export function keepForLater(context: Context, write: PayloadWrite): boolean {
  const issued = context && factsOf(context)?.issued;
  if (!issued || !issuedModels.has(write.model)) return false;
  issued.push(write);
  return true;
}

/** A grant that is found again brings back the claims of its sign-in. */
export function restoreFacts(context: Context, model: string, record: PayloadRecord): void {
  const facts = context && factsOf(context);
  const claims = record.details['claims'];
  if (!facts || model !== 'Grant' || facts.claims || !isRecord(claims)) return;
  const part = (value: unknown) => (isRecord(value) ? value : {});
  facts.claims = { idToken: part(claims['idToken']), accessToken: part(claims['accessToken']) };
}

/** Shorter lifetimes apply at the next activity (spec authentication §9). */
export function isSessionOver(context: Context, record: PayloadRecord): boolean {
  const facts = context && factsOf(context);
  if (!facts) return false;
  const idleFor = (Date.now() - record.updatedAt.getTime()) / 1000;
  return idleFor > facts.lifetimes.idle || remainingLifetime(facts.lifetimes, record.payload.loginTs) <= 0;
}

/** Refresh tokens alone have one, and their client sets it. */
export function leewayOf(context: Context, model: string): number {
  const client = model === 'RefreshToken' ? context?.oidc?.client : undefined;
  return client ? settingsOfClient(client).refresh.leeway : 0;
}
