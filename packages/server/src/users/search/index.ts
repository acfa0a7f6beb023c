export { compileSearch } from './compile-search.ts';
export {
  allocateEntryIds,
  copiedEntryColumns,
  toEntryLine,
  toValueLines,
  upsertEntries,
} from './entries-store.ts';
export { makeSearchEntry, type SearchEntry } from './entry.ts';
export {
  analyzeSearchTables,
  buildPostponedIndexes,
  hasPostponedIndexes,
  postponeIndexes,
  vacuumSearchTables,
} from './postponed-indexes-store.ts';
export {
  completeSearchIndex,
  type RebuildProgress,
  rebuildSearchIndex,
  settleSearchIndex,
} from './reindex.ts';
export { asksForRoles, mayReadRoles, requireRoleScopes, roleScopes } from './role-scopes.ts';
export { indexRoles } from './roles-store.ts';
export { defaultSort, parseSortOrder } from './sort-order.ts';
export { withoutTimeLimit } from './state-store.ts';
export {
  createUserSearch,
  expensiveSearches,
  preparedSearchPoolSize,
  preparedSearchSettings,
  type SearchCapacity,
  searchPoolSize,
  searchSettings,
  type UserSearch,
} from './user-search.ts';
export { warmSearchTables } from './warm-store.ts';
