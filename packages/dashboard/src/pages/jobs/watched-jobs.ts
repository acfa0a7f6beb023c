/**
 * The jobs that somebody started here and has not seen the end of. The browser keeps their ids, by whose they are, so that a
 * page that is loaded anew, or another tab, tells what came of them.
 */
const keyOf = (userId: string) => `muster.watched-jobs.${userId}`;
/** More than anybody waits for; what is beyond is found among the jobs. */
const mostWatched = 20;

export function listWatchedJobs(userId: string): readonly string[] {
  return read(userId) ?? [];
}

export function noteWatchedJob(userId: string, id: string): void {
  const noted = listWatchedJobs(userId);
  if (!noted.includes(id)) write(userId, [...noted, id].slice(-mostWatched));
}

/** Its end was seen. @returns whether that is to be told here: not where another tab has done so */
export function settleWatchedJob(userId: string, id: string): boolean {
  const noted = read(userId);
  // Where nothing is kept, no other tab knows of it.
  if (!noted) return true;
  write(
    userId,
    noted.filter((other) => other !== id),
  );
  return noted.includes(id);
}

/** Leaves nothing of the person in this browser. */
export function forgetWatchedJobs(userId: string): void {
  write(userId, []);
}

/** Storage may be closed to us, and what is in it anybody's. */
function read(userId: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return undefined;
  }
}

function write(userId: string, ids: readonly string[]): void {
  try {
    if (ids.length === 0) localStorage.removeItem(keyOf(userId));
    else localStorage.setItem(keyOf(userId), JSON.stringify(ids));
  } catch {
    // Then this page alone watches them.
  }
}
