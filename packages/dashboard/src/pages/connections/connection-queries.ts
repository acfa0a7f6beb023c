import * as operations from '@muster/contract';
import { kindOfStrategy } from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { useWorkplace } from '../../api/management.ts';
import { connectionTexts } from './texts.ts';

export type Connection = Static<typeof operations.Connection>;
export type ConnectionOptions = Static<typeof operations.ConnectionOptions>;
export type ConnectionChange = operations.BodyOf<typeof operations.updateConnection>;

/** Connections of one answer; a tenant has tens of them. */
const pageSize = 100;

/** The kind of a strategy, in words. */
export function nameKindOf(strategy: string | undefined): string {
  const kind = kindOfStrategy(strategy ?? '');
  return kind === undefined ? (strategy ?? '') : connectionTexts[kind];
}

/** Every connection, by its name. */
export function useConnections() {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['connections', 'list'],
    queryFn: async () => {
      const connections: Connection[] = [];
      for (let page = 0; ; page++) {
        const { body } = await management.call(operations.listConnections, {
          query: { page, per_page: pageSize },
        });
        const found = Array.isArray(body) ? body : body.connections;
        connections.push(...found);
        if (found.length < pageSize) break;
      }
      return connections.sort((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
    },
  });
}

/** One connection with its options. */
export function useConnection(id: string) {
  const { management } = useWorkplace();
  return useQuery({
    queryKey: ['connections', id],
    queryFn: async () => (await management.call(operations.getConnection, { parameters: { id } })).body,
  });
}

/** Changes a connection. Options are replaced whole by the server: send all of them. */
export function useConnectionChange(id: string) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ConnectionChange) =>
      management.call(operations.updateConnection, { parameters: { id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
}
