export { type Accounts, type AccountVerdict, createAccounts } from './accounts.ts';
export {
  completePasswordReset,
  type PasswordResetVerdict,
  type TicketFailure,
} from './complete-password-reset.ts';
export type { AccountDependencies, Visitor } from './dependencies.ts';
export { AccountRefusal } from './errors.ts';
export { type AccountLimits, createAccountLimits } from './limits.ts';
export { type PasswordResetRequest, requestPasswordReset } from './request-password-reset.ts';
export { registerAccountRoutes } from './routes.ts';
export { parseSignUp, signUp } from './sign-up.ts';
export { type EmailVerificationVerdict, verifyEmail } from './verify-email.ts';
