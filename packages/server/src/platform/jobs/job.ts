export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

/** Long work that was asked for: its parameters, how far it is, and how it ended. */
export interface Job {
  /** `job_` and 16 alphanumerics. */
  readonly id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly connectionId: string | undefined;
  /** The connection's name. */
  readonly connection: string | undefined;
  readonly externalId: string | undefined;
  /** What the handler of its kind reads. */
  readonly parameters: unknown;
  readonly caller: JobCaller;
  /** Where a process that takes the job up goes on; undefined before the first step. */
  readonly checkpoint: unknown;
  /** The checkpoint that the present run, or the last one, went on from, and when. */
  readonly runCheckpoint: unknown;
  readonly runStartedAt: Date | undefined;
  readonly summary: Readonly<Record<string, number>> | undefined;
  /** Units of work that are done, and all of them where that is known: rows or bytes, as the kind counts. */
  readonly done: number;
  readonly total: number | undefined;
  /** Why it failed, for people. */
  readonly statusDetails: string | undefined;
  readonly attempts: number;
  readonly isCancellationAsked: boolean;
  readonly sourceFileId: number | undefined;
  readonly resultFileId: number | undefined;
  readonly reportFileId: number | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** Who asked for the job, for the log events of its work. */
export interface JobCaller {
  readonly clientId?: string;
  readonly clientName?: string;
  readonly subject?: string;
  readonly ip?: string;
  readonly userAgent?: string;
}

/**
 * Whether whoever asked for a job may still do what needs these scopes: a role that was taken, or a block, ends jobs as it
 * ends calls.
 */
export type HoldsScopes = (job: Job, scopes: readonly string[]) => Promise<boolean>;

/** Why a job failed, once they may not. */
export const scopesLost = 'Whoever asked for this may not do it any more.';

export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly connectionId?: string | undefined;
  readonly connection?: string | undefined;
  readonly externalId?: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly caller: JobCaller;
  readonly total?: number | undefined;
  readonly sourceFileId?: number | undefined;
}
