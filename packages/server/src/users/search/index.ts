export {
  allocateEntryIds,
  copiedEntryColumns,
  toEntryLine,
  toValueLines,
  upsertEntries,
} from './entries-store.ts';
export { makeSearchEntry, type SearchEntry } from './entry.ts';
export { buildPostponedIndexes, postponeIndexes, vacuumSearchTables } from './postponed-indexes-store.ts';
export {
  completeSearchIndex,
  type RebuildProgress,
  rebuildSearchIndex,
  settleSearchIndex,
} from './reindex.ts';
export { createUserSearch, searchSettings, type UserSearch } from './user-search.ts';
