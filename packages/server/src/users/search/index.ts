export {
  completeSearchIndex,
  type RebuildProgress,
  rebuildSearchIndex,
  settleSearchIndex,
} from './reindex.ts';
export { createUserSearch, searchSettings, type UserSearch } from './user-search.ts';
