import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isRecord } from '../platform/is-record.ts';
import type { CustomClaims, SignInOutcome, SignInRefusal, SignInRequest } from '../sign-in/index.ts';
import type { User } from '../users/index.ts';
import { userOfAccount } from './account.ts';
import { refusingTheGone } from './adapter.ts';
import { TokenRefusal } from './errors.ts';
import { type AuthorizationOptions, agreementOf } from './grant-loader.ts';
import { factsOf } from './request-facts.ts';
import { fromInnerScope } from './scopes.ts';
import { keepConsent } from './user-grants/consent.ts';

/**
 * Makes the last look at an authorization request that needs nothing of the person any more. Who has not just come from
 * the sign-in page is remembered by a session, and goes through the steps of a sign-in here. Then what is granted is kept.
 */
export function createAdmission(options: AuthorizationOptions) {
  return async (context: KoaContextWithOIDC): Promise<void> => {
    const { oidc } = context;
    const { client, session, grant, result } = oidc;
    const agreement = agreementOf(context);
    const user = userOfAccount(oidc.account);
    const facts = factsOf(context);
    if (!client || !session || !grant || !agreement || !user || !facts) return;
    if (result?.login) {
      facts.claims = readClaims(result['claims']);
    } else {
      const outcome = await enterRemembered(options, context, {
        kind: oidc.prompts.has('none') ? 'silent' : 'session',
        protocol: oidc.route.startsWith('device') ? 'oauth2-device-code' : 'oidc-basic-profile',
        user,
        scope: textOf(oidc.params?.['original_scope']),
      });
      if (!outcome.ok) throw toRedirectError(outcome.refusal);
      facts.claims = outcome.claims;
    }
    await refusingTheGone(() => keepConsent(options.database, agreement));
    await grant.save();
    session.grantIdFor(client.clientId, grant.jti);
  };
}

/** Sends who holds a refresh token through the steps of a sign-in. @throws TokenRefusal */
export async function admitRefresh(
  options: Pick<AuthorizationOptions, 'signIn'>,
  context: KoaContextWithOIDC,
  user: User,
  scope: string | undefined,
): Promise<void> {
  const facts = factsOf(context);
  const outcome = await enterRemembered(options, context, {
    kind: 'refresh',
    protocol: 'oauth2-refresh-token',
    user,
    scope: fromInnerScope(scope),
  });
  if (!outcome.ok) throw toTokenRefusal(outcome.refusal);
  if (facts) facts.claims = outcome.claims;
}

async function enterRemembered(
  { signIn }: Pick<AuthorizationOptions, 'signIn'>,
  context: KoaContextWithOIDC,
  request: Pick<SignInRequest, 'kind' | 'protocol' | 'scope'> & { readonly user: User },
): Promise<SignInOutcome> {
  const { client } = context.oidc;
  const facts = factsOf(context);
  if (!client || !facts) throw new Error('somebody came back without a client');
  const { user, ...asked } = request;
  return signIn({
    ...asked,
    clientId: client.clientId,
    clientName: client.clientName,
    connection: undefined,
    evidence: { kind: 'remembered', user },
    audience: facts.audience,
    ip: facts.ip,
    userAgent: facts.userAgent,
  });
}

/** What the sign-in page has left with the transaction. */
function readClaims(claims: unknown): CustomClaims {
  const part = (name: string) => {
    const value = isRecord(claims) ? claims[name] : undefined;
    return isRecord(value) ? value : {};
  };
  return { idToken: part('idToken'), accessToken: part('accessToken') };
}

function toRedirectError({ redirectError, description }: SignInRefusal): Error {
  return new errors.CustomOIDCProviderError(redirectError, description);
}

/** A block ends the token itself (spec authentication §1.1). */
function toTokenRefusal({ kind, status, error, description }: SignInRefusal): TokenRefusal {
  return kind === 'blocked'
    ? new TokenRefusal(403, 'invalid_grant', description)
    : new TokenRefusal(status, error, description);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
