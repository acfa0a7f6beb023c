import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DataFolderInUseError,
  EmbeddedPostgresStartError,
  EmbeddedPostgresUnavailableError,
} from './errors.ts';
import { claimServer, type Owner } from './ownership.ts';
import { type LaunchedServer, launchServer, type ServerPlace, stopServer } from './postgres-process.ts';
import { type Endpoint, observeServer, postmasterFilePath, type ServerState } from './postmaster-file.ts';

export interface RunningServer {
  readonly pid: number;
  readonly endpoint: Endpoint;
  readonly owner: Owner;
  readonly howStarted: 'started' | 'adopted';
}

/** Milliseconds. */
const pollInterval = 10;
/** For a server that runs and does not get ready; only a recovery that we began may take longer. */
const silenceLimit = 60_000;
const unreadableLimit = 2_000;
const recoveryNoticeAfter = 5_000;

/**
 * Makes this process the owner of a running server of the cluster: adopts the one that runs, waits for one that
 * starts or stops, starts one where there is none. Several processes may do so at once: PostgreSQL lets one server
 * run, and its lock lets one process own it.
 * @throws DataFolderInUseError, EmbeddedPostgresStartError, EmbeddedPostgresUnavailableError
 */
export async function runServer(
  place: ServerPlace,
  password: string,
  onNotice: (line: string) => void,
): Promise<RunningServer> {
  const attempt: Attempt = { launched: undefined, lastReason: '', hasNoticed: false };
  let state: ServerState['kind'] | undefined;
  let since = Date.now();
  try {
    for (;;) {
      const server = await observeServer(place.clusterFolder);
      if (server.kind !== state) [state, since] = [server.kind, Date.now()];
      const running = await takeStep(attempt, place, server, Date.now() - since, password);
      if (running) return running;
      watchTime(attempt, place, server, Date.now() - since, onNotice);
      await delay(pollInterval);
    }
  } catch (error) {
    // Nobody else may know of a server of ours; one that another process owns is not ours any more.
    const pid = attempt.launched?.pid;
    if (pid !== undefined && !(error instanceof DataFolderInUseError)) await stopServer(place, pid);
    throw error;
  }
}

interface Attempt {
  launched: LaunchedServer | undefined;
  /** Why the server could not be claimed when it was asked last. */
  lastReason: string;
  hasNoticed: boolean;
}

/** @param duration milliseconds that the server has been in this state */
async function takeStep(
  attempt: Attempt,
  place: ServerPlace,
  server: ServerState,
  duration: number,
  password: string,
): Promise<RunningServer | undefined> {
  if (server.kind === 'ready') {
    const claim = await claimServer(server.endpoint, password);
    if (claim.ok) {
      const howStarted = attempt.launched?.pid === server.pid ? 'started' : 'adopted';
      return { pid: server.pid, endpoint: server.endpoint, owner: claim.owner, howStarted };
    }
    if (claim.kind === 'taken') throw new DataFolderInUseError(place.dataFolder, claim.pid);
    attempt.lastReason = claim.reason;
  } else if (server.kind === 'absent') {
    const failure = attempt.launched?.failure();
    if (attempt.launched && failure) await explainFailure(failure, attempt.launched);
    if (!attempt.launched || failure) attempt.launched = await launchServer(place, server.stalePid);
  } else if (server.kind === 'unreadable' && duration > unreadableLimit) {
    // PostgreSQL would refuse to start for good. Writing the file takes it microseconds: nobody is writing any more.
    await rm(postmasterFilePath(place.clusterFolder), { force: true });
  }
  return undefined;
}

/** Returns where another process is the reason and the next look tells more; throws where PostgreSQL cannot run. */
async function explainFailure(failure: Error, launched: LaunchedServer): Promise<void> {
  if (failure instanceof EmbeddedPostgresStartError || failure instanceof EmbeddedPostgresUnavailableError) {
    throw failure;
  }
  const log = await launched.log();
  if (/lock file "[^"]+" (already exists|is empty)|pre-existing shared memory block/.test(log)) return;
  if (/could not create lock file "[^"]+": No such file/.test(log)) return; // a stopping server took its socket folder
  throw new EmbeddedPostgresStartError('The embedded database did not start.', log || failure.message);
}

function watchTime(
  attempt: Attempt,
  place: ServerPlace,
  server: ServerState,
  duration: number,
  onNotice: (line: string) => void,
): void {
  const isRecovering = server.kind === 'busy' && server.pid === attempt.launched?.pid;
  if (isRecovering && duration > recoveryNoticeAfter && !attempt.hasNoticed) {
    onNotice('The database is recovering from an interrupted stop; this can take some minutes.');
    attempt.hasNoticed = true;
  }
  if (isRecovering || duration < silenceLimit) return;
  const process = 'pid' in server ? ` (pid ${server.pid})` : '';
  throw new EmbeddedPostgresStartError(
    `The database in ${place.clusterFolder}${process} does not answer. Stop that process, then start again; ${place.logFile} may tell more.`,
    attempt.lastReason,
  );
}
