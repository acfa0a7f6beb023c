export type {
  CustomClaims,
  Evidence,
  SignInOutcome,
  SignInRefusal,
  SignInRequest,
} from './pipeline/attempt.ts';
export { createSignIn, type SignIn } from './pipeline/sign-in.ts';
export type { OptionalSteps, SignInStep } from './pipeline/steps.ts';
export type { Transaction, TransactionOutcome, Transactions } from './flows/transaction.ts';
