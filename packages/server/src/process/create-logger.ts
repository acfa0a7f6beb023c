import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { serializeError } from '../platform/telemetry/serialize-error.ts';

export function createLogger(config: Config): Logger {
  // Lines leave in chunks: a write to the terminal or a pipe for every request would cost more than the request's own work.
  return pino(
    { level: config.logLevel, base: { pid: process.pid }, serializers: { err: serializeError } },
    pino.destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 200 }),
  );
}
