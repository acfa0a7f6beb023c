import { NewerSchemaError } from '../platform/database/migrate.ts';

/** Errors of these classes carry a message that tells the operator what to do; see each class. */
const operatorErrors = new Set([
  'DataFolderInUseError',
  'DataFolderVersionError',
  'DataFolderNotWritableError',
  'EmbeddedPostgresUnavailableError',
  'EmbeddedPostgresStartError',
  'SecretKeyMismatchError',
  NewerSchemaError.name,
  'ConfigError',
  'PortInUseError',
  'DatabaseUnreachableError',
  'UnsupportedDatabaseError',
  'UnreadableFileError',
]);

/** The line, or for an unforeseen error the whole stack, that a failed start prints. */
export function describeStartError(error: unknown): string {
  if (!(error instanceof Error)) return `Muster could not start: ${String(error)}`;
  return operatorErrors.has(error.name)
    ? `Muster could not start: ${error.message}`
    : `Muster could not start: ${error.stack ?? error.message}`;
}

export class PortInUseError extends Error {
  constructor(host: string, port: number) {
    super(`Port ${port} on ${host} is already in use. Stop what listens there, or set PORT to another one.`);
    this.name = 'PortInUseError';
  }
}

export class DatabaseUnreachableError extends Error {
  constructor(options: { cause: unknown }) {
    const reason =
      options.cause instanceof Error
        ? options.cause.message || Reflect.get(options.cause, 'code')
        : 'no answer';
    super(`The database that DATABASE_URL names cannot be reached: ${reason}.`, options);
    this.name = 'DatabaseUnreachableError';
  }
}

export class UnsupportedDatabaseError extends Error {
  constructor(version: string) {
    super(`The database is PostgreSQL ${version}; Muster needs PostgreSQL 15 or newer.`);
    this.name = 'UnsupportedDatabaseError';
  }
}

export class UnreadableFileError extends Error {
  constructor(setting: string, path: string, options: { cause: unknown }) {
    super(`${setting} names ${path}, which cannot be read.`, options);
    this.name = 'UnreadableFileError';
  }
}
