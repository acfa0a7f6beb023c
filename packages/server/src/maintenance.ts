import type { Logger } from 'pino';
import { startRoleMaintenance } from './access/index.ts';
import type { Config } from './config.ts';
import { resumeConnectionRemovals } from './connections/index.ts';
import { startJobMaintenance } from './jobs/index.ts';
import { startLogMaintenance } from './logs/index.ts';
import { startMailDelivery } from './messages/index.ts';
import type { Database } from './platform/database/database.ts';
import type { SecretBox } from './platform/secrets/secret-box.ts';
import { startProtectionMaintenance } from './protection/index.ts';
import { startTokenMaintenance } from './tokens/index.ts';
import { completeSearchIndex, removeUsersOfConnection, startDeletedUserMaintenance } from './users/index.ts';

/** What one process of a machine does besides answering: partitions, retention, unfinished removals, mail. */
export function startMaintenance(options: {
  database: Database;
  config: Config;
  secrets: SecretBox;
  logger: Logger;
}): {
  stop(): Promise<void>;
} {
  const logs = startLogMaintenance({
    database: options.database,
    retentionDays: options.config.logRetentionDays,
    logger: options.logger,
  });
  const removals = resumeConnectionRemovals({
    database: options.database,
    removeUsersOfConnection,
    logger: options.logger,
  }).catch((error: unknown) =>
    options.logger.error(
      { err: error },
      'unfinished removals could not be taken up; the next start tries again',
    ),
  );
  const jobs = startJobMaintenance({
    database: options.database,
    retentionHours: options.config.jobRetentionHours,
    logger: options.logger,
  });
  const mail = startMailDelivery({
    database: options.database,
    secrets: options.secrets,
    publicUrl: options.config.publicUrl,
    smtp: options.config.smtp,
    logger: options.logger,
  });
  const tokens = startTokenMaintenance({ database: options.database, logger: options.logger });
  const deletedUsers = startDeletedUserMaintenance({ database: options.database, logger: options.logger });
  const roles = startRoleMaintenance({ database: options.database, logger: options.logger });
  const protection = startProtectionMaintenance({ database: options.database, logger: options.logger });
  const stopping = new AbortController();
  const index = completeSearchIndex(options.database, { signal: stopping.signal }).catch((error: unknown) =>
    options.logger.error(
      { err: error },
      'the search index could not be completed; `npm run muster -- reindex` or the next start goes on',
    ),
  );
  return {
    stop: async () => {
      stopping.abort();
      logs.stop();
      await tokens.stop();
      await deletedUsers.stop();
      await roles.stop();
      await protection.stop();
      await jobs.stop();
      await mail.stop();
      await index;
      await removals;
    },
  };
}
