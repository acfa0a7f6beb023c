export {
  DataFolderInUseError,
  DataFolderNotWritableError,
  DataFolderVersionError,
  EmbeddedPostgresStartError,
  EmbeddedPostgresUnavailableError,
} from './errors.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresConnection,
  findRunningPostgres,
  startEmbeddedPostgres,
} from './start-embedded-postgres.ts';
