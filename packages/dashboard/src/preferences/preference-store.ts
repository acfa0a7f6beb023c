import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import type { Static } from 'typebox';
import { texts } from '../texts/texts.ts';
import { showToast } from '../ui/toasts.tsx';
import {
  cachePreferences,
  findUntaken,
  forgetBrowserPreferences,
  forgetCachedPreferences,
  readBrowserPreferences,
  readCachedPreferences,
  writeBrowserPreferences,
} from './browser-preferences.ts';

export type Preferences = Static<typeof operations.DashboardPreferences>;
export type SavedSearch = Static<typeof operations.SavedSearch>;

/** What a person chose for themselves, asked for once a session. */
export interface PreferenceStore {
  /** The same object until something changes. */
  read(): PreferenceState;
  watch(watcher: () => void): () => void;
  /** Shows the change at once and takes it back, with a word to the person, when it cannot be saved. */
  save(change: PreferenceChange): void;
  /** Leaves nothing of the person in this browser that the server has as well. */
  forget(): void;
}

export interface PreferenceState {
  readonly values: Preferences;
  /** `unknown` until the server has answered, `cached` while an earlier answer of it is shown. */
  readonly standing: 'unknown' | 'cached' | 'settled';
}

/** From what is kept to the properties that are to be replaced: another device may have changed them meanwhile. */
export type PreferenceChange = (kept: Preferences) => Preferences;

interface Keeper {
  load(): Promise<Preferences>;
  write(change: Preferences): Promise<Preferences>;
  forget(): void;
}

/** The server's, which follow the person from device to device; this browser's for those who may write nothing on the server. */
export function openPreferences(options: {
  readonly management: ManagementClient;
  readonly userId: string;
  readonly mayWrite: boolean;
}): PreferenceStore {
  const { userId, mayWrite } = options;
  const keeper = mayWrite ? keepOnServer(options.management, userId) : keepInBrowser;
  let kept = mayWrite ? readCachedPreferences(userId) : readBrowserPreferences();
  let isSettled = !mayWrite;
  let waiting: readonly PreferenceChange[] = [];
  let state = compose();
  const watchers = new Set<() => void>();
  /** Changes that nothing was sent of. */
  const unsent = new Set<PreferenceChange>();

  function compose(): PreferenceState {
    let values = kept ?? {};
    for (const change of waiting) values = { ...values, ...change(values) };
    return { values, standing: isSettled ? 'settled' : kept ? 'cached' : 'unknown' };
  }
  function refresh(): void {
    state = compose();
    for (const watcher of watchers) watcher();
  }
  async function settle(): Promise<void> {
    try {
      kept = await keeper.load();
    } catch {
      // The list stands without them; a change asks for them again before it is saved, so nothing is overwritten unseen.
    }
    isSettled = true;
    refresh();
  }
  async function send(change: PreferenceChange): Promise<void> {
    try {
      kept = await keeper.load();
      unsent.delete(change);
      kept = await keeper.write(change(kept));
    } catch (error) {
      showToast({
        text: `${texts.preferencesNotSaved} ${error instanceof Error ? error.message : String(error)}`,
      });
    }
    unsent.delete(change);
    waiting = waiting.filter((other) => other !== change);
    refresh();
  }
  /** The page goes away: nothing can be asked first any more, so what waits goes out over what was known last. */
  function flush(): void {
    if (unsent.size === 0 || kept === undefined) return;
    let change: Preferences = {};
    for (const one of unsent) change = { ...change, ...one({ ...kept, ...change }) };
    unsent.clear();
    keeper.write(change).catch(() => undefined);
  }

  window.addEventListener('pagehide', flush);
  // One after the other, so that what was chosen last is what stays.
  let turn = isSettled ? Promise.resolve() : settle();
  return {
    read: () => state,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    save: (change) => {
      waiting = [...waiting, change];
      unsent.add(change);
      refresh();
      turn = turn.then(() => send(change));
    },
    forget: () => keeper.forget(),
  };
}

function keepOnServer(management: ManagementClient, userId: string): Keeper {
  let isForgotten = false;
  const cache = (preferences: Preferences) => {
    if (!isForgotten) cachePreferences(userId, preferences);
    return preferences;
  };
  const write = async (body: Preferences) =>
    cache((await management.call(operations.updateDashboardPreferences, { body, outlivesPage: true })).body);
  const load = async () => cache((await management.call(operations.getDashboardPreferences)).body);
  /** What the browser kept before the server did is taken over; what the server refuses of it waits there. */
  const takeOver = async (kept: Preferences) => {
    const untaken = findUntaken(kept);
    const taken = untaken ? await write(untaken).catch(() => undefined) : kept;
    if (taken) forgetBrowserPreferences();
    return taken ?? kept;
  };
  return {
    load: async () => takeOver(await load()),
    write,
    forget: () => {
      isForgotten = true;
      forgetCachedPreferences();
    },
  };
}

const keepInBrowser: Keeper = {
  load: async () => readBrowserPreferences(),
  write: async (change) => {
    writeBrowserPreferences(change);
    return readBrowserPreferences();
  },
  // They are nowhere else.
  forget: () => undefined,
};
