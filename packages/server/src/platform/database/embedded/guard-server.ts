import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readLogTail } from './log-file.ts';
import { claimServer, type Owner } from './ownership.ts';
import { type ServerPlace, stopServer } from './postgres-process.ts';
import { isServerOf, observeServer } from './postmaster-file.ts';
import type { RunningServer } from './run-server.ts';
import { removeSocketFolder } from './socket-folder.ts';

export interface GuardedServer {
  stop(): Promise<void>;
  readonly unexpectedExit: Promise<string>;
}

/** Milliseconds for PostgreSQL to restart its processes after one of them crashed. */
const retakeLimit = 60_000;

/**
 * Keeps the ownership of a running server until `stop`. When the owner's connection ends although the server lives
 * (somebody terminated it, or PostgreSQL restarted its processes after one crashed), the lock is taken again; where
 * the server is gone, or another Muster was faster, `unexpectedExit` resolves and the server is no longer ours to
 * stop.
 */
export function guardServer(place: ServerPlace, running: RunningServer, password: string): GuardedServer {
  const lost = Promise.withResolvers<string>();
  /** `undefined` once the ownership is lost for good; a promise while it is taken again. */
  let owner: Promise<Owner | undefined> = Promise.resolve(running.owner);
  let stopping: Promise<void> | undefined;

  const watch = async (): Promise<void> => {
    for (let current = await owner; current; current = await owner) {
      current.unref();
      await current.ended;
      if (stopping) return;
      owner = retake(place, running.pid, password)
        .catch(String)
        .then((retaken) => {
          if (typeof retaken !== 'string') return retaken;
          if (!stopping) lost.resolve(retaken);
          return undefined;
        });
    }
  };

  const stop = async (): Promise<void> => {
    const current = await owner;
    if (!current) return;
    // The lock is held until PostgreSQL, already refusing newcomers, ends our connection with all others: freed
    // before, another Muster could adopt a server that is about to stop.
    await stopServer(place, running.pid);
    await current.end();
    if (basename(running.endpoint.host).startsWith('muster-'))
      await removeSocketFolder(running.endpoint.host);
  };

  void watch(); // it has nothing that could fail
  return {
    unexpectedExit: lost.promise,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The new owner, or in words why there is none. */
async function retake(place: ServerPlace, pid: number, password: string): Promise<Owner | string> {
  const deadline = Date.now() + retakeLimit;
  let reason = 'it is not ready';
  while (Date.now() < deadline) {
    if (!(await isServerOf(place.clusterFolder, pid))) {
      return `the database process ${pid} has ended; ${place.logFile} says:\n${await readLogTail(place.logFile)}`;
    }
    const server = await observeServer(place.clusterFolder);
    if (server.kind === 'ready') {
      const claim = await claimServer(server.endpoint, password);
      if (claim.ok) return claim.owner;
      if (claim.kind === 'taken')
        return `another Muster process (pid ${claim.pid ?? 'unknown'}) has taken the database`;
      reason = claim.reason;
    }
    await delay(20, undefined, { ref: false });
  }
  return `the database does not answer: ${reason}`;
}
