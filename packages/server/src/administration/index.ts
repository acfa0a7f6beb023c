export { accountGuard, assertMayRemoveConnection } from './account-guard.ts';
export { ensureAdministrator } from './ensure-administrator.ts';
export { listAdministratorScopes, narrowToStanding } from './permissions.ts';
export { registerDashboardPreferenceRoutes } from './preferences/index.ts';
export { registerAdministratorRoutes } from './routes.ts';
export { registerStatisticsRoutes } from './statistics/index.ts';
export { listOwners } from './store.ts';
