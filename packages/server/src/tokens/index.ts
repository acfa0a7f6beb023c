export { createTokenService, type TokenService } from './token-service.ts';
