import { type BootstrapReport, bootstrap } from '../bootstrap.ts';
import type { Config } from '../config.ts';
import { startMaintenance } from '../maintenance.ts';
import { openDatabase } from '../platform/database/database.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import { createLogger } from './create-logger.ts';
import { provideDatabase } from './database-connection.ts';
import { startJobProcess } from './job-process.ts';
import { loadSecretKey } from './secret-key.ts';
import { serve } from './serve.ts';
import { onStopSignal } from './stop-signal.ts';
import { startWorkers } from './workers.ts';

/** Migrations of a large directory take their time. */
const migrationTimeout = 3_600_000;

/**
 * The first process of a start: provides the database, makes it ready, serves HTTP itself or through workers,
 * runs the maintenance, and stops everything in order on SIGTERM or SIGINT.
 */
export async function runPrimary(config: Config): Promise<void> {
  const startedAt = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const logger = createLogger(config);
  const secretKey = await loadSecretKey(config.secretKey, config.dataFolder);
  const running = await provideDatabase(config, say);
  const stops: (() => Promise<void>)[] = [() => running.stop()];
  const stopAll = async () => {
    for (const stop of stops.toReversed()) await stop();
  };
  // From here on there is something to stop; a signal before it is like a crash, which the next start mends.
  onStopSignal(['SIGTERM', 'SIGINT'], async () => {
    await stopAll();
    say('Muster has stopped.');
  });
  try {
    const administrative = openDatabase({
      connection: running.connection,
      // One for the index or a removal, one for the log, one for jobs, the others for mail.
      poolSize: 5,
      statementTimeout: migrationTimeout,
    });
    stops.push(() => administrative.close());
    const secrets = createSecretBox(secretKey);
    const report = await bootstrap(administrative.database, config, secrets);
    const serving =
      config.workers === 1
        ? await serve(config, running.connection, secretKey, logger)
        : await startWorkers(config, running.connection, secretKey, logger);
    stops.push(() => serving.stop());
    const maintenance = startMaintenance({ database: administrative.database, config, secrets, logger });
    stops.push(() => maintenance.stop());
    const order = { connection: running.connection, secretKey };
    const jobs = startJobProcess(administrative.database, order, logger);
    stops.push(() => jobs.stop());
    announce(config, report, serving.port, performance.now() - startedAt, say);
  } catch (error) {
    await stopAll();
    throw error;
  }

  running.unexpectedExit.then((reason) => {
    logger.fatal({ reason }, 'the database stopped by itself; Muster stops too');
    logger.flush();
    void stopAll().finally(() => process.exit(1));
  });
}

function announce(
  config: Config,
  report: BootstrapReport,
  port: number,
  milliseconds: number,
  say: (line: string) => void,
): void {
  const url = config.port === 0 ? `${config.tls ? 'https' : 'http'}://localhost:${port}` : config.publicUrl;
  if (report.administrator) {
    say(
      `First administrator: ${report.administrator.email}  password: ${report.administrator.password}  (shown once)`,
    );
  }
  if (report.managementClient) {
    say(
      `Management client: ${report.managementClient.id}  secret: ${report.managementClient.secret}  (shown once)`,
    );
  }
  say(`Muster is ready at ${url} after ${(milliseconds / 1000).toFixed(1)} s. API reference: ${url}/docs`);
}
