export type { FlowOptions } from './flows/flow.ts';
export { registerBrandingPreview } from './flows/preview.ts';
export { createProviderPages, type DeviceCodeState } from './flows/provider-pages.ts';
export { registerSignInRoutes } from './flows/routes.ts';
export type { Transaction, TransactionOutcome, Transactions } from './flows/transaction.ts';
export type {
  CustomClaims,
  Evidence,
  SignInOutcome,
  SignInRefusal,
  SignInRequest,
} from './pipeline/attempt.ts';
export { createProtectStep } from './pipeline/protect-passwords.ts';
export { createSignIn, type SignIn } from './pipeline/sign-in.ts';
export type { OptionalSteps, SignInStep } from './pipeline/steps.ts';
