import type { FieldDefinition, FieldType, SearchSchema } from '@muster/query';

const folded: FieldType = { kind: 'text', isFolded: true, hasRange: true };
const exact: FieldType = { kind: 'text', isFolded: false, hasRange: true };
const boolean: FieldType = { kind: 'boolean' };
const instant: FieldType = { kind: 'instant' };

/** Fields of a user's identities: of one element when asked together. */
const ofIdentity = (type: FieldType): FieldDefinition => ({ type, collection: 'identities' });
const identityText: FieldType = { kind: 'text', isFolded: false, hasRange: false };

/** What can be searched of a user (spec users-and-search §5.4, with the additions of docs/search.md). */
export const userSearchSchema: SearchSchema = {
  fields: {
    user_id: { type: exact },
    email: { type: folded },
    'email.domain': { type: { kind: 'text', isFolded: true, hasRange: false } },
    name: { type: folded },
    given_name: { type: folded },
    family_name: { type: folded },
    nickname: { type: folded },
    username: { type: exact },
    phone_number: { type: exact },
    last_ip: { type: exact },
    organization_id: { type: { kind: 'keyword' } },
    role: { type: { kind: 'text', isFolded: true, hasRange: false } },
    role_id: { type: { kind: 'text', isFolded: false, hasRange: false } },
    email_verified: { type: boolean },
    phone_verified: { type: boolean },
    blocked: { type: boolean },
    logins_count: { type: { kind: 'number' } },
    created_at: { type: instant },
    updated_at: { type: instant },
    last_login: { type: instant },
    connection: { ...ofIdentity(identityText), aliasOf: 'identities.connection' },
    'identities.connection': ofIdentity(identityText),
    'identities.provider': ofIdentity(identityText),
    'identities.user_id': ofIdentity(identityText),
    'identities.isSocial': ofIdentity(boolean),
  },
  openFields: {
    'identities.profileData': { collection: 'identities' },
    user_metadata: {},
    app_metadata: {},
  },
  refusedFields: {
    picture: 'pictures are shown, not indexed',
    multifactor: 'it is read from the user itself',
    multifactor_last_modified: 'it is read from the user itself',
    last_password_reset: 'it is read from the user itself',
    identities: 'name one of its fields, such as identities.connection',
  },
};

/** What a condition without a field looks at: each as a whole value, without regard to case. */
export const freeFields = ['email', 'name', 'given_name', 'family_name', 'nickname'] as const;
