import { importedRoles } from '../access/index.ts';
import type { Config } from '../config.ts';
import type { Database } from '../platform/database/database.ts';
import type { JobHandler } from '../platform/jobs/index.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import {
  type AccountGuard,
  createExportHandler,
  createImportHandler,
  createUserSearch,
  type SearchCapacity,
  type UserListener,
} from '../users/index.ts';
import { createHoldsScopes, type NarrowToStanding } from './find-job-caller.ts';
import { createUsersActionHandler } from './users-actions/run-users-action.ts';

export interface JobHandlerDependencies {
  readonly database: Database;
  /** Set for searching, with a time limit that fits work in the background. */
  readonly searchDatabase: Database;
  readonly searchCapacity: SearchCapacity;
  readonly secrets: SecretBox;
  readonly config: Config;
  readonly guard: AccountGuard;
  readonly listeners: readonly UserListener[];
  readonly narrowToStanding: NarrowToStanding;
}

/** What works on each kind of job. */
export function createJobHandlers(
  dependencies: JobHandlerDependencies,
): Readonly<Record<string, JobHandler>> {
  const { database, secrets, config } = dependencies;
  const search = createUserSearch(dependencies.searchDatabase, dependencies.searchCapacity);
  const holdsScopes = createHoldsScopes(dependencies.narrowToStanding);
  const presentation = { publicUrl: config.publicUrl, usesGravatar: config.usesGravatar };
  return {
    users_import: createImportHandler({
      database,
      secrets,
      presentation,
      profileLimit: config.profileLimit,
      importLimit: config.importLimit,
      guard: dependencies.guard,
      roles: importedRoles,
      holdsScopes,
    }),
    users_export: createExportHandler({
      database,
      search,
      secrets,
      presentation,
      holdsScopes,
    }),
    users_action: createUsersActionHandler({
      users: {
        database,
        config,
        search,
        presentation,
        listeners: dependencies.listeners,
        guard: dependencies.guard,
      },
      secrets,
      narrowToStanding: dependencies.narrowToStanding,
    }),
  };
}
