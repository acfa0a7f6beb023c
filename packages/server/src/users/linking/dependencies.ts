import type { JWK } from 'jose';
import type { UserDependencies } from '../dependencies.ts';

export interface LinkingDependencies extends UserDependencies {
  /** Public keys that ID tokens of this server are verified with. */
  readonly getKeys: () => Promise<readonly JWK[]>;
}
