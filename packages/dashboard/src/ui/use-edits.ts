import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { isSame } from './is-same.ts';
import { useLeaveGuard } from './use-leave-guard.ts';

/** What somebody changed in a form and did not save yet. */
export interface Edits<Change> {
  /** What was typed, over what is stored. */
  readonly edits: Partial<Change>;
  /** What of it differs from what is stored: this is to be sent. */
  readonly changed: Partial<Change>;
  readonly isChanged: boolean;
  /** Somebody else saved another value of what was changed here. */
  readonly isContested: boolean;
  readonly edit: (change: Partial<Change>) => void;
  readonly discard: () => void;
  /** Forgets what was saved. What was typed on while it was being saved stays. */
  readonly settle: (saved: Partial<Change>) => void;
}

interface Draft<Change> {
  readonly edits: Partial<Change>;
  /** What was stored when each edit was begun. */
  readonly bases: ReadonlyMap<string, unknown>;
}

/**
 * The one way in which forms keep changes: they stay until they are saved or discarded, whatever the server says meanwhile, and
 * leaving without them is asked about.
 * @param stored what the server has, newer with every answer; absent, null and empty are the same
 */
export function useEdits<Change extends object>(stored: object): Edits<Change> {
  const none: Draft<Change> = { edits: {}, bases: new Map() };
  const [{ edits, bases }, setDraft] = useState(none);
  const changed = { ...edits };
  let isContested = false;
  for (const key in changed) {
    const now = blankToNull(Reflect.get(stored, key));
    if (isSame(blankToNull(changed[key]), now)) delete changed[key];
    else if (!isSame(bases.get(key), now)) isContested = true;
  }
  const isChanged = Object.keys(changed).length > 0;
  useLeaveGuard(() => isChanged, texts.leaveUnsaved);
  return {
    edits,
    changed,
    isChanged,
    isContested,
    edit: (change) =>
      setDraft((before) => ({
        edits: { ...before.edits, ...change },
        bases: new Map([
          ...Object.keys(change).map((key) => [key, blankToNull(Reflect.get(stored, key))] as const),
          ...before.bases,
        ]),
      })),
    discard: () => setDraft(none),
    settle: (saved) =>
      setDraft((before) => {
        const rest = { ...before.edits };
        const restBases = new Map(before.bases);
        for (const key in saved) {
          restBases.delete(key);
          if (isSame(saved[key], rest[key])) delete rest[key];
          else restBases.set(key, blankToNull(saved[key]));
        }
        return { edits: rest, bases: restBases };
      }),
  };
}

const blankToNull = (value: unknown) => (value === undefined || value === '' ? null : value);
