import { queueMessage } from '../messages/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Job, JobListener } from '../platform/jobs/index.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { parseImportParameters } from '../users/index.ts';

export interface CompletionMailDependencies {
  readonly secrets: SecretBox;
  /** Origin of the dashboard. */
  readonly publicUrl: string;
  readonly listOwners: (
    transaction: Database,
  ) => Promise<readonly { readonly userId: string; readonly email: string | null }[]>;
}

/** Tells every owner by mail what came of an import that asked for it (`send_completion_email`), once, in the job's last transaction. */
export function createCompletionMails(dependencies: CompletionMailDependencies): JobListener {
  return {
    jobEnded: async (transaction, job) => {
      if (job.kind !== 'users_import' || job.status === 'cancelled') return;
      if (!parseImportParameters(job.parameters).sendsCompletionEmail) return;
      for (const { userId, email } of await dependencies.listOwners(transaction)) {
        if (email === null) continue;
        await queueMessage(transaction, dependencies, {
          kind: 'import_report',
          recipient: email,
          userId,
          connection: job.connection,
          variables: describeImport(job, dependencies.publicUrl),
        });
      }
    },
  };
}

function describeImport(job: Job, publicUrl: string): Record<string, unknown> {
  const { inserted = 0, updated = 0, unchanged = 0, failed = 0 } = job.summary ?? {};
  return {
    url: `${publicUrl}/dashboard/jobs/${job.id}`,
    import: {
      is_failed: job.status === 'failed',
      problem: job.statusDetails ?? '',
      inserted,
      updated,
      unchanged,
      failed,
    },
  };
}
