/** MiB for pages of the servers that single tests start, hundreds in a run: with the usual gigabytes a start takes three times as long. */
export const testDatabaseMemory = 128;
