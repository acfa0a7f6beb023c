import { useSyncExternalStore } from 'react';
import { useWorkplace } from '../api/management.ts';
import type { PreferenceState, PreferenceStore } from './preference-store.ts';

/** What the person chose for themselves, and how they choose anew. */
export function usePreferences(): PreferenceState & Pick<PreferenceStore, 'save'> {
  const { preferences } = useWorkplace();
  const state = useSyncExternalStore(preferences.watch, preferences.read);
  return { ...state, save: preferences.save };
}
