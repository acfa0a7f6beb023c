export { openDataFolder } from './data-folder.ts';
export {
  DataFolderInUseError,
  DataFolderNotWritableError,
  DataFolderVersionError,
  EmbeddedPostgresStartError,
  EmbeddedPostgresUnavailableError,
} from './errors.ts';
export type { EmbeddedPostgresConnection } from './ownership.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findRunningPostgres,
  startEmbeddedPostgres,
} from './start-embedded-postgres.ts';
