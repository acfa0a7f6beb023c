export { registerDashboardPreferenceRoutes } from './routes.ts';
