import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { testSecretKey } from './test-config.ts';
import type { TestServer } from './test-server.ts';

const program = new URL('../../dist/jobs-main.js', import.meta.url);

/** Starts and ends one: it leaves its compiled modules to those that are killed before they could. */
export async function compileJobProcess(): Promise<void> {
  const child = fork(program, { env: { MUSTER_LOG_LEVEL: 'silent' }, stdio: 'ignore' });
  child.disconnect();
  await once(child, 'exit');
}

/** A process of jobs as the primary starts it, waiting for its order: most of its start is behind it when it is needed. */
export function prepareJobProcess(server: TestServer): ChildProcess {
  return fork(program, {
    env: {
      PATH: process.env['PATH'],
      MUSTER_PUBLIC_URL: server.config.publicUrl,
      MUSTER_LOG_LEVEL: 'silent',
      MUSTER_SECRET_KEY: testSecretKey,
    },
    stdio: 'ignore',
  });
}

/** Gives the order to one, which then works on the server's jobs until it is killed or there is nothing to do. */
export function startJobProcess(server: TestServer, child = prepareJobProcess(server)): ChildProcess {
  child.send({ connection: server.testDatabase.connection, secretKey: testSecretKey });
  return child;
}

/** Kills as the kernel does. One that found nothing to do for a while has ended by itself. */
export async function killJobProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
