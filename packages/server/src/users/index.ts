export type { AccountGuard } from './account-guard.ts';
export { addUser, type PreparedUser, prepareUser } from './add-user.ts';
export type { NewUserAttributes } from './compose-user.ts';
export { type CreateUserInput, createUser } from './create-user.ts';
export {
  type CredentialsParameter,
  type CredentialsRow,
  composeCredentials,
  type IdentifierName,
  readIdentifier,
  toCredentials,
} from './credentials-store.ts';
export {
  type DeletionContext,
  deleteUserByEmail,
  removeUser,
  removeUsersOfConnection,
} from './delete-user.ts';
export { DeletedUserNotFoundError } from './deleted/errors.ts';
export { putUserBack, registerDeletedUserRoutes, startDeletedUserMaintenance } from './deleted/index.ts';
export type { UserDependencies } from './dependencies.ts';
export { effectiveName, effectiveNickname } from './effective-names.ts';
export { ensureUserWithPassword } from './ensure-user.ts';
export {
  PasswordRefusedError,
  ProfileTooLargeError,
  UserAlreadyExistsError,
  UserNotFoundError,
} from './errors.ts';
export type { UserListener } from './events.ts';
export { readExportColumns, showsRoles } from './exports/export-fields.ts';
export { type ExportParameters, parseExportParameters, readExportedUsers } from './exports/export-job.ts';
export { createExportHandler } from './exports/run-export.ts';
export { type CredentialsAhead, findDatabaseUser, listIdentifiers } from './find-database-user.ts';
export { type ImportParameters, parseImportParameters, readImportProgress } from './imports/import-job.ts';
export { type ImportedRoles, RoleGoneError, type RolesOfUser } from './imports/imported-roles.ts';
export { readRoleRights } from './imports/resolve-roles.ts';
export { createImportHandler } from './imports/run-import.ts';
export { registerLinkingRoutes } from './linking/index.ts';
export { holdUser, keepUser, lockUsers } from './locks-store.ts';
export { describeUserOfEvent } from './log-events.ts';
export { authenticateWithPassword } from './passwords/authenticate.ts';
export { prepareChosenPassword, setChosenPassword } from './passwords/choose-password.ts';
export type { PasswordHashCost } from './passwords/hash.ts';
export { describeRules, type StrengthVerdict } from './passwords/policy.ts';
export type { CredentialKey } from './passwords/store.ts';
export { type CredentialVerdict, verifyCredentials } from './passwords/verify-credentials.ts';
export { registerPictureRoutes } from './pictures/routes.ts';
export { type Presentation, presentUser } from './present-user.ts';
export { recordSignIn, recordSignInIfUnchanged } from './record-sign-in.ts';
export { registerUserRoutes } from './routes.ts';
export {
  asksForRoles,
  buildPostponedIndexes,
  compileSearch,
  completeSearchIndex,
  createUserSearch,
  defaultSort,
  expensiveSearches,
  hasPostponedIndexes,
  indexRoles,
  mayReadRoles,
  parseSortOrder,
  postponeIndexes,
  preparedSearchPoolSize,
  preparedSearchSettings,
  type RebuildProgress,
  rebuildSearchIndex,
  requireRoleScopes,
  roleScopes,
  type SearchCapacity,
  searchPoolSize,
  searchSettings,
  settleSearchIndex,
  type UserSearch,
  warmSearchTables,
  withoutTimeLimit,
} from './search/index.ts';
export { applySourceProfile, isSameIdentity, type SourceProfile } from './source-profile.ts';
export { findUser, findUserIdByIdentifier, findUsers } from './store.ts';
export { setBlocked } from './update-user.ts';
export { type Identity, primaryIdentity, type User } from './user.ts';
export { markEmailVerified } from './verify-email.ts';
export { rewriteEntries } from './writes-store.ts';
