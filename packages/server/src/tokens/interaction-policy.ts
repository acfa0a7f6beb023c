import { interactionPolicy } from 'oidc-provider';
import { userOfAccount } from './account.ts';
import { createAdmission } from './admission.ts';
import { settingsOfClient } from './client-metadata.ts';
import { readMaxAge } from './extra-parameters.ts';
import { type AuthorizationOptions, consentQuestionOf } from './grant-loader.ts';

const { Check, Prompt, base } = interactionPolicy;

/** When people must do something before an application gets its answer, beyond what OpenID Connect says itself. */
export function createPolicy(options: AuthorizationOptions) {
  const policy = base();
  const login = policy.get('login');
  login?.checks.add(
    new Check('account_gone', 'the account is blocked or gone', 'login_required', ({ oidc }) =>
      Boolean(oidc.session?.accountId && !oidc.account),
    ),
  );
  login?.checks.add(
    new Check(
      'sso_disabled',
      'the application wants a sign-in of its own',
      'login_required',
      ({ oidc }) =>
        oidc.client !== undefined && settingsOfClient(oidc.client).isSsoDisabled && !oidc.result?.login,
    ),
  );
  login?.checks.add(
    new Check(
      'other_connection',
      'the session was not made through the connection',
      'login_required',
      ({ oidc }) => {
        const wanted = oidc.params?.['connection'];
        const user = userOfAccount(oidc.account);
        if (typeof wanted !== 'string' || !user || oidc.result?.login) return false;
        return !user.identities.some(({ connection }) => connection === wanted);
      },
    ),
  );
  login?.checks.add(
    new Check('too_old', 'the sign-in is older than the application takes', 'login_required', ({ oidc }) => {
      const sent = oidc.params?.['original_max_age'];
      if (typeof sent !== 'string' || oidc.result?.login) return false;
      const maxAge = readMaxAge(sent);
      return maxAge === 0 || oidc.session?.past(maxAge) !== false;
    }),
  );
  const consent = policy.get('consent');
  for (const reason of [
    'native_client_prompt',
    'op_scopes_missing',
    'op_claims_missing',
    'rs_scopes_missing',
    'rar_prompt',
  ])
    consent?.checks.remove(reason);
  consent?.checks.add(
    new Check(
      'consent_needed',
      'the user has not allowed this yet',
      'consent_required',
      (context) => consentQuestionOf(context) !== undefined,
      (context) => {
        const question = consentQuestionOf(context);
        return { audience: question?.api?.identifier, scope: question?.scope };
      },
    ),
  );
  const admit = createAdmission(options);
  policy.add(
    new Prompt(
      { name: 'admission', requestable: false },
      new Check('not_admitted', 'the sign-in is not complete', 'interaction_required', async (context) => {
        await admit(context);
        return false;
      }),
    ),
  );
  return policy;
}
