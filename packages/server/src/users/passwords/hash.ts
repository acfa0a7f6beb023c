import { hash } from '@node-rs/argon2';
import { takeTurn } from './turns.ts';

/** The algorithm of every new hash; older and imported ones are replaced at the next sign-in. */
export const currentAlgorithm = 'argon2id';

/** What one argon2id hash of one lane costs whoever computes it, an attacker too. */
export interface PasswordHashCost {
  /** MiB. */
  readonly memory: number;
  /** Passes over that memory. */
  readonly passes: number;
}

/** @returns a PHC string with its own salt; computed off the event loop */
export function hashPassword(password: string, cost: PasswordHashCost): Promise<string> {
  const parameters = { memoryCost: cost.memory * 1024, timeCost: cost.passes, parallelism: 1 };
  return takeTurn(() => hash(password, parameters));
}

/** Whether a hash is of today's algorithm and cost; others are replaced at the next sign-in. */
export function isCurrentHash(hashed: string, { memory, passes }: PasswordHashCost): boolean {
  return hashed.startsWith(`$argon2id$v=19$m=${memory * 1024},t=${passes},p=1$`);
}
