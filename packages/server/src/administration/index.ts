export { ensureAdministrator } from './ensure-administrator.ts';
export { registerStatisticsRoutes } from './statistics/index.ts';
