import { hash } from '@node-rs/argon2';

/** The algorithm of every new hash; older and imported ones are replaced at the next sign-in. */
export const currentAlgorithm = 'argon2id';

/** OWASP's argon2id minimum (19 MiB, 2 passes, 1 lane), computed off the event loop. About 8 ms of one core. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** @returns a PHC string with its own salt */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

/** Whether a hash is of today's algorithm and parameters; others are replaced at the next sign-in. */
export function isCurrentHash(hashed: string): boolean {
  const { memoryCost, timeCost, parallelism } = parameters;
  return hashed.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}
