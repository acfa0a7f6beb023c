import { type Static, Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, oneOf, optional } from '../schema-parts.ts';

export const bruteForceShields = ['block', 'user_notification'] as const;
export const bruteForceModes = ['count_per_identifier_and_ip', 'count_per_identifier'] as const;

const settings = {
  enabled: Type.Boolean({ description: 'Whether wrong passwords are counted at all.' }),
  shields: Type.Array(oneOf(bruteForceShields), {
    maxItems: 20,
    description:
      'What happens at the limit: `block` refuses further attempts, `user_notification` mails the user. None: it is only logged.',
  }),
  allowlist: Type.Array(Type.String({ format: 'ip-or-network', maxLength: 60 }), {
    maxItems: 1000,
    description: 'Addresses and networks, such as 192.0.2.1 or 2001:db8::/32, whose attempts do not count.',
  }),
  mode: oneOf(
    bruteForceModes,
    'Whether attempts from each address count apart, or all that name the identifier together.',
  ),
  max_attempts: Type.Integer({
    minimum: 1,
    maximum: 100,
    description: 'Wrong passwords in a row; the attempt after them is the first to be refused.',
  }),
};

export const BruteForceProtection = Type.Object(settings, closed);
export type BruteForceProtection = Static<typeof BruteForceProtection>;

export const getBruteForceProtection = defineOperation({
  id: 'get_brute-force-protection',
  method: 'GET',
  path: '/attack-protection/brute-force-protection',
  tag: 'attack-protection',
  summary: 'Get brute-force settings',
  scopes: ['read:attack_protection'],
  responses: { 200: BruteForceProtection },
});

export const updateBruteForceProtection = defineOperation({
  id: 'patch_brute-force-protection',
  method: 'PATCH',
  path: '/attack-protection/brute-force-protection',
  tag: 'attack-protection',
  summary: 'Update brute-force settings',
  description:
    'What is sent replaces; the rest stays. A higher `max_attempts` lifts blocks that it would not have set.',
  scopes: ['update:attack_protection'],
  body: Type.Object(
    {
      enabled: optional(settings.enabled),
      shields: optional(settings.shields),
      allowlist: optional(settings.allowlist),
      mode: optional(settings.mode),
      max_attempts: optional(settings.max_attempts),
    },
    closed,
  ),
  responses: { 200: BruteForceProtection },
});
