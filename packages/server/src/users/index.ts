export { type CreateUserInput, createUser } from './create-user.ts';
export { type DeletionContext, deleteUserByEmail, removeUsersOfConnection } from './delete-user.ts';
export type { UserDependencies } from './dependencies.ts';
export { ensureUserWithPassword } from './ensure-user.ts';
export { UserAlreadyExistsError, UserNotFoundError } from './errors.ts';
export type { UserListener } from './events.ts';
export { hashPassword } from './passwords/hash.ts';
export { registerPictureRoutes } from './pictures/routes.ts';
export type { Presentation } from './present-user.ts';
export { registerUserRoutes } from './routes.ts';
export {
  completeSearchIndex,
  createUserSearch,
  type RebuildProgress,
  rebuildSearchIndex,
  searchSettings,
  settleSearchIndex,
} from './search/index.ts';
export { findUser, findUserIdByIdentifier, rewriteEntries } from './store.ts';
export { type Identity, primaryIdentity, type User } from './user.ts';
