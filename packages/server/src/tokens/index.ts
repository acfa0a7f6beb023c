export { createAccessListener } from './end-access.ts';
export { startTokenMaintenance, sweepExpiredTokens } from './sweep.ts';
export { createTokenService, type TokenService } from './token-service.ts';
