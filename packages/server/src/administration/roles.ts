import { type administratorRoles, managementScopes } from '@muster/contract';

export type AdministratorRole = (typeof administratorRoles)[number];

/**
 * What makes an owner more than an administrator: the team, and what would let an administrator into it. Whoever sets the mail
 * server or the texts can have a copy of the link by which an owner chooses a new password; an owner's hash can be guessed at.
 */
const ownersAlone: ReadonlySet<string> = new Set([
  'update:administrators',
  'create:email_provider',
  'update:email_provider',
  'delete:email_provider',
  'create:email_templates',
  'update:email_templates',
  'read:users_credentials',
]);

const supportChanges: ReadonlySet<string> = new Set([
  'update:users',
  'create:user_tickets',
  'delete:sessions',
  'delete:refresh_tokens',
  'delete:grants',
]);

/** Reads, and nothing that would open more than it shows: no keys, tokens, password hashes or links of mails. */
function isHarmlessReading(scope: string): boolean {
  return (
    scope.startsWith('read:') && !/keys|secrets|idp_tokens|connections_tokens|users_credentials/.test(scope)
  );
}

const select = (includes: (scope: string) => boolean): ReadonlySet<string> =>
  new Set(managementScopes.filter(includes));

/** What each role lets its holder do at the Management API. Each has all that the one below it has. */
export const scopesOfRole: Readonly<Record<AdministratorRole, ReadonlySet<string>>> = {
  owner: select(() => true),
  administrator: select((scope) => !ownersAlone.has(scope)),
  support: select((scope) => isHarmlessReading(scope) || supportChanges.has(scope)),
  auditor: select(isHarmlessReading),
};
