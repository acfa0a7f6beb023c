import type { KoaContextWithOIDC } from 'oidc-provider';
import { isRecord } from '../platform/is-record.ts';
import { splitScope } from './scopes.ts';

/** The languages that an application asked for, the best first: of the request itself, or of the one that it goes on with. */
export function readRequestedLocales(context: KoaContextWithOIDC): string[] {
  // Where nothing of the request was understood yet, `oidc-provider` has made neither.
  const { oidc } = context as { oidc?: KoaContextWithOIDC['oidc'] };
  const sources = [oidc?.params, oidc?.entities.Interaction?.params, context.query];
  for (const source of sources) {
    const value = isRecord(source) ? source['ui_locales'] : undefined;
    if (typeof value === 'string' && value !== '') return splitScope(value);
  }
  return [];
}
