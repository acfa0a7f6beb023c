export type { CharacterType, Connection, PasswordPolicy } from './connection.ts';
export { ensureConnection, ensureDefaultConnection } from './ensure-connection.ts';
export {
  findConnectionById,
  findConnectionByName,
  findConnectionOfClient,
  listConnectionsByName,
  listConnectionsOfClient,
} from './find-connection.ts';
export type { IdentifierKind, IdentifierRules } from './identifier-rules.ts';
export { resumeConnectionRemovals } from './remove-connection.ts';
export { type ConnectionDependencies, registerConnectionRoutes } from './routes.ts';
export { holdConnections } from './store.ts';
