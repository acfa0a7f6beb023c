export { createAccessListener } from './end-access.ts';
export { registerTokenManagementRoutes } from './routes.ts';
export { startTokenMaintenance, sweepExpiredTokens } from './sweep.ts';
export { createTokenService, type TokenService } from './token-service.ts';
