import type { FieldType, SearchSchema } from '@muster/query';

const folded: FieldType = { kind: 'text', isFolded: true, hasRange: true };
const exact: FieldType = { kind: 'text', isFolded: false, hasRange: true };

/** What can be searched of a log event (spec extensions-and-protection §6.2); what people write is found in any case. */
export const logSearchSchema: SearchSchema = {
  fields: {
    log_id: { type: exact },
    date: { type: { kind: 'instant' } },
    type: { type: exact },
    description: { type: folded },
    user_id: { type: exact },
    user_name: { type: folded },
    client_id: { type: exact },
    client_name: { type: exact },
    connection: { type: exact },
    connection_id: { type: exact },
    strategy: { type: exact },
    strategy_type: { type: exact },
    ip: { type: exact },
    user_agent: { type: exact },
    hostname: { type: exact },
    audience: { type: exact },
    scope: { type: exact },
  },
  openFields: {},
  refusedFields: { details: 'details are shown with the event, not searched', _id: 'it is log_id' },
};

/** Fields whose case does not count, and those that a term without a field looks at. */
export const foldedFields: ReadonlySet<string> = new Set(['description', 'user_name']);
export const freeFields = [
  'user_name',
  'connection',
  'client_name',
  'type',
  'ip',
  'log_id',
  'description',
] as const;
