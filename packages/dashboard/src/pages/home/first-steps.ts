import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkplace } from '../../api/management.ts';
import type { Session } from '../../session/session.ts';
import { quote } from '../logs/log-queries.ts';

/** What of the beginning is done. */
export interface FirstSteps {
  readonly hasUsers: boolean;
  readonly hasApplication: boolean;
  readonly hasSignIn: boolean;
  /** Where the sign-in is tried: the first database of users. */
  readonly connectionId: string | undefined;
}

/** Kept by this browser once somebody has done them all, or wants to hear no more of them. */
const doneKey = 'muster.first-steps-done';

/** Storage may be closed to us: then they are looked at each time. */
function readDone(): boolean {
  try {
    return localStorage.getItem(doneKey) !== null;
  } catch {
    return false;
  }
}

function writeDone(): void {
  try {
    localStorage.setItem(doneKey, '1');
  } catch {
    // They come back with the next visit.
  }
}

/** The steps, while one is left to do; none from then on, and none for whoever could not take them. */
export function useFirstSteps() {
  const { management, session } = useWorkplace();
  const [isDone, setIsDone] = useState(readDone);
  const isAble = needed.every((scope) => session.scopes.has(scope));
  const found = useQuery({
    queryKey: ['first-steps'],
    enabled: isAble && !isDone,
    queryFn: async () => {
      const steps = await findSteps(management, session);
      if (isOver(steps)) writeDone();
      return steps;
    },
  });
  const steps = found.data;
  return {
    isLoading: found.isLoading,
    steps: steps && !isDone && !isOver(steps) ? steps : undefined,
    hide: () => {
      writeDone();
      setIsDone(true);
    },
  };
}

const needed = ['create:users', 'create:clients', 'read:logs', 'read:connections', 'read:administrators'];

const isOver = ({ hasUsers, hasApplication, hasSignIn }: FirstSteps) =>
  hasUsers && hasApplication && hasSignIn;

async function findSteps(management: ManagementClient, { clientId }: Session): Promise<FirstSteps> {
  const q = `type:s AND NOT client_id:${quote(clientId)}`;
  const [team, users, clients, logs, connections] = await Promise.all([
    management.call(operations.listAdministrators),
    management.call(operations.listUsers, { query: { per_page: 0, include_totals: true } }),
    management.call(operations.listClients, {
      query: { is_global: false, fields: 'client_id,app_type', include_fields: true },
    }),
    management.call(operations.listLogs, { query: { q, page: 0, per_page: 1 } }),
    management.call(operations.listConnections, {
      query: { strategy: ['auth0'], fields: 'id', include_fields: true },
    }),
  ]);
  const total = !Array.isArray(users.body) && 'total' in users.body ? users.body.total : 0;
  const applications = Array.isArray(clients.body) ? clients.body : clients.body.clients;
  const signIns = Array.isArray(logs.body) ? logs.body : logs.body.logs;
  const databases = Array.isArray(connections.body) ? connections.body : connections.body.connections;
  return {
    hasUsers: total > team.body.administrators.length,
    // What people sign in to, beside this dashboard.
    hasApplication: applications.some(
      ({ client_id: id, app_type: type }) => id !== clientId && type !== 'non_interactive',
    ),
    hasSignIn: signIns.length > 0,
    connectionId: databases[0]?.id,
  };
}
