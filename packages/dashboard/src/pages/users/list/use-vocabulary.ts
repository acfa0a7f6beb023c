import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { type Role, useRoles } from '../../roles/role-queries.ts';
import type { User } from '../user-queries.ts';
import { gatherVocabulary, type Vocabulary } from './completion.ts';

/** Users whose metadata is looked at for names and values of fields. */
const sampleSize = 100;
const none: readonly User[] = [];
const noRoles: readonly Role[] = [];

/**
 * What completions and filters offer. The rows of the list have what its columns show; metadata is read, once, from those who
 * changed last, when somebody begins to write or to click a query together.
 */
export function useVocabulary(shown: readonly User[], isWanted: boolean): Vocabulary {
  const { management } = useWorkplace();
  const sample = useQuery({
    queryKey: ['vocabulary'],
    enabled: isWanted,
    staleTime: 600_000,
    queryFn: async () => {
      const query = {
        sort: 'updated_at:-1',
        take: sampleSize,
        fields: 'identities,user_metadata,app_metadata',
      };
      const { body } = await management.call(operations.listUsers, { query });
      return Array.isArray(body) ? body : body.users;
    },
  });
  const known = sample.data ?? none;
  const roles = useRoles({ isWanted: useMay('read:roles') && isWanted }).data ?? noRoles;
  return useMemo(
    () =>
      gatherVocabulary(
        [...shown, ...known],
        roles.map(({ name }) => name),
      ),
    [shown, known, roles],
  );
}
