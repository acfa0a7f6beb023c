export {
  composeStanding,
  type LoginStanding,
  type StandingParameter,
  type StandingRow,
  toStanding,
  toStandingValues,
} from './brute-force/failures-store.ts';
export { createBruteForceListener } from './brute-force/listener.ts';
export type { LoginKey } from './brute-force/login-key.ts';
export { purgeExpiredFailures, startProtectionMaintenance } from './brute-force/maintain-failures.ts';
export { createUnblocking, type Unblocking } from './brute-force/unblock-by-link.ts';
export {
  type CountedFailure,
  createPasswordWatch,
  type PasswordWatch,
  type WatchPasswords,
} from './brute-force/watch.ts';
export { registerProtectionRoutes } from './routes.ts';
