import type { DashboardPreferences as DashboardPreferencesSchema } from '@muster/contract';
import type { Static } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { SuspendedCallerError } from '../errors.ts';
import { PersonRequiredError } from './errors.ts';
import { findPreferences, type StoredPreferences, writePreferences } from './store.ts';

export type DashboardPreferences = Static<typeof DashboardPreferencesSchema>;

/** What the caller chose; nothing is there for who never chose. @throws PersonRequiredError */
export async function getDashboardPreferences(
  database: Database,
  caller: Caller,
): Promise<DashboardPreferences> {
  const stored = await findPreferences(database, toUserId(caller));
  return stored ? present(stored) : {};
}

/**
 * Replaces what is given and keeps the rest, in one statement: of two writes at once the later one holds, property by property.
 * @throws PersonRequiredError, InvalidBodyError when two searches have one name, SuspendedCallerError when the caller is just
 * being deleted
 */
export async function updateDashboardPreferences(
  database: Database,
  caller: Caller,
  changes: DashboardPreferences,
): Promise<DashboardPreferences> {
  const userId = toUserId(caller);
  const names = (changes.user_searches ?? []).map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new InvalidBodyError(
      `Payload validation error: 'Two searches have the name "${repeated}"' on property user_searches (Searches for users, in their order).`,
    );
  try {
    return present(await writePreferences(database, userId, changes));
  } catch (cause) {
    if (violatedConstraint(cause) === 'dashboard_preferences_user_id_fkey') throw new SuspendedCallerError();
    throw cause;
  }
}

function toUserId({ subject, clientId }: Caller): string {
  if (subject === `${clientId}@clients`) throw new PersonRequiredError();
  return subject;
}

function present({ columns, searches }: StoredPreferences): DashboardPreferences {
  return {
    ...(columns === null ? {} : { user_columns: columns }),
    ...(searches === null ? {} : { user_searches: searches }),
  };
}
