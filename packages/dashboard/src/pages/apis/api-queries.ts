import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';

export type Api = Partial<Static<typeof operations.ResourceServer>>;
export type ApiChange = operations.BodyOf<typeof operations.updateResourceServer>;
export type ClientGrant = Static<typeof operations.ClientGrant>;

/** Of one answer; a tenant has tens of APIs, and of grants some hundreds. */
const pageSize = 100;

/** Every API, by its name. */
export function useApis() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['apis', 'list'],
    queryFn: async () => {
      const apis: Api[] = [];
      for (let page = 0; ; page++) {
        const { body } = await management.call(operations.listResourceServers, {
          query: { page, per_page: pageSize },
        });
        const found = Array.isArray(body) ? body : body.resource_servers;
        apis.push(...found);
        if (found.length < pageSize) break;
      }
      return apis.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
    },
  });
}

/** One API. */
export function useApi(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['apis', id],
    queryFn: async (): Promise<Api> =>
      (await management.call(operations.getResourceServer, { parameters: { id } })).body,
  });
}

/** Changes an API; scopes are replaced whole. */
export function useApiChange(id: string) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiChange) =>
      management.call(operations.updateResourceServer, { parameters: { id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['apis'] }),
  });
}

/** What applications may do in their own name, of one application or at one API. */
export function useClientGrants(filter: { readonly client_id?: string; readonly audience?: string }) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['client-grants', filter],
    queryFn: async () => {
      const grants: ClientGrant[] = [];
      for (let page = 0; ; page++) {
        const { body } = await management.call(operations.listClientGrants, {
          query: { ...filter, page, per_page: pageSize },
        });
        const found = Array.isArray(body) ? body : body.client_grants;
        grants.push(...found);
        if (found.length < pageSize) break;
      }
      return grants;
    },
  });
}
