import type { Caller, TokenHolder } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';
import type { HoldsScopes, Job } from '../platform/jobs/index.ts';

/** What the holder of a token may do now. @throws ApiError when they are gone or blocked */
export type NarrowToStanding = (holder: TokenHolder) => Promise<Caller>;

/**
 * Whoever asked for a job, with what they may do now; undefined when they are gone or blocked.
 * @param scopes that their token had then: what they may do is never more
 */
export async function findJobCaller(
  narrowToStanding: NarrowToStanding,
  { caller: { clientId = '', subject = '', clientName, ip = '', userAgent = '' } }: Job,
  scopes: readonly string[],
): Promise<Caller | undefined> {
  try {
    return await narrowToStanding({
      clientId,
      subject,
      clientName,
      ip,
      userAgent,
      tokenId: undefined,
      scopes: new Set(scopes),
    });
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** For jobs that are begun with all the scopes that they need. */
export function createHoldsScopes(narrowToStanding: NarrowToStanding): HoldsScopes {
  return async (job, scopes) => {
    const caller = await findJobCaller(narrowToStanding, job, scopes);
    return caller !== undefined && !caller.isReadOnly && scopes.every((scope) => caller.scopes.has(scope));
  };
}
