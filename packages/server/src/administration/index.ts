export { ensureAdministrator } from './ensure-administrator.ts';
export { listAdministratorScopes } from './permissions.ts';
export { registerStatisticsRoutes } from './statistics/index.ts';
