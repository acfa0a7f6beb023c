export { completeSearchIndex, type RebuildProgress, rebuildSearchIndex } from './reindex.ts';
export { createUserSearch, searchSettings, type UserSearch } from './user-search.ts';
