export { registerLinkingRoutes } from './routes.ts';
