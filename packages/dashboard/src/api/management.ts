import { createTrustingClient, type ManagementClient } from '@muster/contract';
import { createContext, useContext } from 'react';
import { forgetWatchedJobs } from '../pages/jobs/watched-jobs.ts';
import { openPreferences, type PreferenceStore } from '../preferences/preference-store.ts';
import type { Session } from '../session/session.ts';

/** What every page works with. */
export interface Workplace {
  readonly session: Session;
  readonly management: ManagementClient;
  readonly preferences: PreferenceStore;
}

const WorkplaceContext = createContext<Workplace | undefined>(undefined);
export const WorkplaceProvider = WorkplaceContext.Provider;

export function openWorkplace(session: Session): Workplace {
  const management = createTrustingClient({ url: '', getToken: () => session.getToken() });
  const preferences = openPreferences({
    management,
    userId: session.userId,
    mayWrite: session.scopes.has('update:users'),
  });
  const signOut = () => {
    preferences.forget();
    forgetWatchedJobs(session.userId);
    return session.signOut();
  };
  return { session: { ...session, signOut }, management, preferences };
}

export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext);
  if (!workplace) throw new Error('a page outside of the workplace');
  return workplace;
}

/** Whether the person's role does more than read: one that does not starts and stops no jobs either. */
export function useMayAct(): boolean {
  return [...useWorkplace().session.scopes].some((scope) => /^(create|update|delete):/.test(scope));
}

/** Whether the person may do this; what they may not is not offered. */
export function useMay(scope: string): boolean {
  return useWorkplace().session.scopes.has(scope);
}
