import type { FieldDefinition, FieldType, SearchSchema } from '../../src/index.ts';

const folded: FieldType = { kind: 'text', isFolded: true, hasRange: true };
const exact: FieldType = { kind: 'text', isFolded: false, hasRange: true };
const rangeless: FieldType = { kind: 'text', isFolded: false, hasRange: false };

const ofIdentity = (type: FieldType): FieldDefinition => ({ type, collection: 'identities' });

/** One field of each kind there is, named as a user's fields are. */
export const testSchema: SearchSchema = {
  fields: {
    user_id: { type: exact },
    email: { type: folded },
    'email.domain': { type: { kind: 'text', isFolded: true, hasRange: false } },
    name: { type: folded },
    nickname: { type: folded },
    username: { type: exact },
    locale: { type: rangeless },
    organization_id: { type: { kind: 'keyword' } },
    email_verified: { type: { kind: 'boolean' } },
    blocked: { type: { kind: 'boolean' } },
    logins_count: { type: { kind: 'number' } },
    created_at: { type: { kind: 'instant' } },
    last_login: { type: { kind: 'instant' } },
    connection: { ...ofIdentity(rangeless), aliasOf: 'identities.connection' },
    'identities.connection': ofIdentity(rangeless),
    'identities.provider': ofIdentity(rangeless),
    'identities.user_id': ofIdentity(rangeless),
    'identities.isSocial': ofIdentity({ kind: 'boolean' }),
    'phones.number': { type: exact, collection: 'phones' },
    'phones.kind': { type: exact, collection: 'phones' },
  },
  openFields: {
    'identities.profileData': { collection: 'identities' },
    user_metadata: {},
    app_metadata: {},
  },
  refusedFields: {
    picture: 'pictures are shown, not indexed',
    multifactor: 'it is read from the user itself',
    last_password_reset: 'it is read from the user itself',
    identities: 'name one of its fields, such as identities.connection',
  },
};
