import { Provider } from 'oidc-provider';
import { selectCustomClaims } from './claims.ts';
import { settingsOfClient } from './client-metadata.ts';
import { factsOf } from './request-facts.ts';
import { splitScope } from './scopes.ts';
import { matchesUrl } from './url-matching.ts';

/** What `oidc-provider` has no option for. */
export function adjustProvider(provider: Provider): void {
  adjustClient(provider);
  adjustSession(provider);
  addCustomClaims(provider);
}

/** The cookie ends with the browser where the tenant wants that. */
function adjustSession(provider: Provider): void {
  const { save } = provider.Session.prototype;
  Object.assign(provider.Session.prototype, {
    save(this: InstanceType<Provider['Session']>, lifetime: number): Promise<string> {
      const facts = Provider.ctx && factsOf(Provider.ctx);
      if (facts) this.transient = facts.lifetimes.isPersistent ? undefined : true;
      return Reflect.apply(save, this, [lifetime]);
    },
  });
}

/** ID tokens also carry what scripts put on them; `oidc-provider` knows only the claims of its configuration. */
function addCustomClaims(provider: Provider): void {
  const { payload } = provider.IdToken.prototype;
  Object.assign(provider.IdToken.prototype, {
    async payload(this: InstanceType<Provider['IdToken']>): Promise<Record<string, unknown>> {
      const made = await Reflect.apply(payload, this, []);
      const facts = this.ctx && factsOf(this.ctx);
      if (!facts?.claims) return made;
      const scopes = new Set(splitScope(facts.scope));
      const custom = selectCustomClaims(facts.claims.idToken, {
        scopes,
        issuer: provider.issuer,
        namespacedOnly: false,
      });
      return { ...custom, ...made };
    },
  });
}

/** Callbacks compare by our rules. */
function adjustClient(provider: Provider): void {
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: InstanceType<Provider['Client']>, url: unknown): boolean {
      const { callbacks, isFirstParty } = settingsOfClient(this);
      return (
        typeof url === 'string' &&
        callbacks.some((allowed) => matchesUrl(allowed, url, { allowsWildcard: isFirstParty }))
      );
    },
  });
}
