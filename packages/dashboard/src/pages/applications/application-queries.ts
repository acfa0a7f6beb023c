import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';

export type Application = Static<typeof operations.Client>;
export type ApplicationChange = operations.BodyOf<typeof operations.updateClient>;

/** Applications of one answer; a tenant has tens of them. */
const pageSize = 100;

/** The kinds that are offered; a stored one may be another. */
export const applicationTypes = ['spa', 'regular_web', 'native', 'non_interactive'] as const;
export type ApplicationType = (typeof applicationTypes)[number];

/** A kind that can keep no secret. */
export const isPublicType = (type: ApplicationType) => type === 'spa' || type === 'native';

/** Every application, by its name; without the one that stands for the whole tenant. */
export function useApplications() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['applications', 'list'],
    queryFn: async () => {
      const applications: Application[] = [];
      for (let page = 0; ; page++) {
        const { body } = await management.call(operations.listClients, {
          query: {
            page,
            per_page: pageSize,
            is_global: false,
            fields: 'client_id,name,app_type,callbacks,description',
            include_fields: true,
          },
        });
        const found = Array.isArray(body) ? body : body.clients;
        applications.push(...found);
        if (found.length < pageSize) break;
      }
      return applications.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
    },
  });
}

/** One application; its secret for those who may read it. */
export function useApplication(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['applications', id],
    queryFn: async () => (await management.call(operations.getClient, { parameters: { id } })).body,
  });
}

/** Changes an application. */
export function useApplicationChange(id: string) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApplicationChange) =>
      management.call(operations.updateClient, { parameters: { id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['applications'] }),
  });
}
