import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';
import { consumePayload, deletePayload, deletePayloadsOfGrant, findPayload, upsertPayload } from './store.ts';

/** Makes the class through which `oidc-provider` keeps sessions, codes and opaque tokens in PostgreSQL. */
export function createAdapterClass(
  database: Database,
  findClientMetadata: (id: string) => Promise<AdapterPayload | undefined>,
): new (
  model: string,
) => Adapter {
  return class PostgresAdapter implements Adapter {
    readonly #model: string;

    constructor(model: string) {
      this.#model = model;
    }

    upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
      return upsertPayload(database, this.#model, id, payload, expiresIn);
    }

    find(id: string): Promise<AdapterPayload | undefined> {
      return this.#model === 'Client' ? findClientMetadata(id) : findPayload(database, this.#model, { id });
    }

    findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return findPayload(database, this.#model, { userCode });
    }

    findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return findPayload(database, this.#model, { uid });
    }

    consume(id: string): Promise<void> {
      return consumePayload(database, this.#model, id);
    }

    destroy(id: string): Promise<void> {
      return deletePayload(database, this.#model, id);
    }

    revokeByGrantId(grantId: string): Promise<void> {
      return deletePayloadsOfGrant(database, grantId);
    }
  };
}
