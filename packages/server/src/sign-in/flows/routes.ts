import type { FastifyInstance } from 'fastify';
import { registerConsent } from './consent.ts';
import { createFlow, type FlowOptions } from './flow.ts';
import { registerLogin } from './login.ts';
import { registerSignup } from './signup.ts';
import { registerTicketPages } from './tickets.ts';
import { registerUnblockPages } from './unblock.ts';

/** Registers the pages under `/u`, on which people sign in, sign up, consent and choose passwords. */
export function registerSignInRoutes(server: FastifyInstance, options: FlowOptions): void {
  const flow = createFlow(options);
  registerLogin(server, flow);
  registerSignup(server, flow);
  registerConsent(server, flow);
  registerTicketPages(server, flow);
  registerUnblockPages(server, flow);
}
