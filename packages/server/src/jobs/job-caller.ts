import type { Caller } from '../platform/http/caller.ts';
import type { JobCaller } from '../platform/jobs/index.ts';

/** What a job keeps of who asked for it. */
export function describeJobCaller(caller: Caller): JobCaller {
  return {
    clientId: caller.clientId,
    ...(caller.clientName === undefined ? {} : { clientName: caller.clientName }),
    subject: caller.subject,
    ip: caller.ip,
    userAgent: caller.userAgent,
  };
}
