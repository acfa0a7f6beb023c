import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';

/** Applications that are asked for at a time. */
const clientPage = 100;

/** Names of applications by their client ids; ids stand for those that the viewer may not read, or that are gone. */
export function useClientNames(isEnabled = true): (clientId: string) => string {
  const { management } = useWorkplace();
  const clients = useQuery({
    queryKey: ['clients', 'names'],
    enabled: isEnabled,
    staleTime: 60_000,
    queryFn: async () => {
      const names = new Map<string, string>();
      for (let page = 0; ; page++) {
        const { body } = await management.call(operations.listClients, {
          query: { fields: 'client_id,name', per_page: clientPage, page },
        });
        const list = Array.isArray(body) ? body : body.clients;
        for (const { client_id: clientId = '', name } of list) names.set(clientId, name ?? clientId);
        if (list.length < clientPage) return names;
      }
    },
  });
  return (clientId) => clients.data?.get(clientId) ?? clientId;
}
