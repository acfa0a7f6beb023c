import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';
import { violatedConstraint } from '../platform/database/violated-constraint.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import {
  consumePayload,
  deleteFamily,
  deletePayload,
  deletePayloadsOfGrant,
  findPayload,
  type PayloadDetails,
  type PayloadRecord,
  type PayloadWrite,
  retirePayload,
  upsertPayload,
} from './store.ts';

export interface AdapterOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly findClientMetadata: (id: string) => Promise<AdapterPayload | undefined>;
  /** What to keep beside a record that the request at hand writes. */
  readonly describeHolder: (model: string, payload: AdapterPayload) => HolderDetails;
  readonly onFound: (model: string, record: PayloadRecord) => void;
  /** Takes what an exchange issues, to be written with its event; false: it is to be written at once. */
  readonly keepForLater: (write: PayloadWrite) => boolean;
  /** Seconds in which what is used up may be used again. */
  readonly leewayOf: (model: string) => number;
  /** Whether a session that is not expired is over all the same, as the tenant's settings are now. */
  readonly isSessionOver: (record: PayloadRecord) => Promise<boolean>;
}

/** `initial` stays as the first record of a session or family had it, `current` is what the last one says. */
export interface HolderDetails {
  readonly initial: PayloadDetails;
  readonly current: PayloadDetails;
}

/** Found by something else than their id, which is then needed to change them. */
const sealedModels = new Set(['Session', 'DeviceCode']);
const sealContext = (model: string) => `oidc_payloads:${model}`;

/** Seconds, where `oidc-provider` has a lifetime of its own that is longer than the reference's. */
const shorterLifetimes: Readonly<Record<string, number>> = { PushedAuthorizationRequest: 30 };

/** @throws AccessDenied when the user or the client was deleted while it signed in */
export async function refusingTheGone<Value>(write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (cause) {
    if (/^(oidc_payloads|user_grants)_/.test(violatedConstraint(cause) ?? ''))
      throw new errors.AccessDenied('the user or the client is gone', { cause });
    throw cause;
  }
}

/** Makes the class through which `oidc-provider` keeps sessions, codes and opaque tokens in PostgreSQL. */
export function createAdapterClass(options: AdapterOptions): new (model: string) => Adapter {
  const { database, secrets } = options;

  return class PostgresAdapter implements Adapter {
    readonly #model: string;

    constructor(model: string) {
      this.#model = model;
    }

    async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
      const lifetime = Math.min(
        expiresIn || Number.POSITIVE_INFINITY,
        shorterLifetimes[this.#model] ?? Number.POSITIVE_INFINITY,
      );
      const isShorter = lifetime < expiresIn;
      const { jti: _id, ...kept } = payload;
      if (isShorter) kept.exp = Math.floor(Date.now() / 1000) + lifetime;
      // An interaction names the secrets of the records that it goes on with.
      const session = kept.session && { ...kept.session, cookie: '' };
      const deviceCode = kept['deviceCode'];
      const write: PayloadWrite = {
        model: this.#model,
        id,
        record: {
          payload: {
            ...kept,
            ...(session ? { session } : {}),
            ...(typeof deviceCode === 'string' ? { deviceCode: this.#seal(deviceCode) } : {}),
          },
          sealedId: sealedModels.has(this.#model) ? secrets.encrypt(id, sealContext(this.#model)) : undefined,
          ...options.describeHolder(this.#model, payload),
          sessionId: typeof payload['sessionUid'] === 'string' ? payload['sessionUid'] : undefined,
          expiresIn: isShorter ? lifetime : expiresIn,
        },
      };
      if (options.keepForLater(write)) return;
      await refusingTheGone(() => upsertPayload(database, write));
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      if (this.#model === 'Client') return options.findClientMetadata(id);
      const record = await findPayload(database, this.#model, { id });
      if (!record) return undefined;
      if (this.#model === 'Session' && (await options.isSessionOver(record))) {
        await deletePayload(database, this.#model, id);
        return undefined;
      }
      if (this.#model === 'Session' && record.consumedAt !== null) return undefined;
      options.onFound(this.#model, record);
      return this.#restore(record, id);
    }

    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return this.#unseal(await findPayload(database, this.#model, { userCode }));
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return this.#unseal(await findPayload(database, this.#model, { uid }));
    }

    async consume(id: string): Promise<void> {
      const leeway = options.leewayOf(this.#model);
      if (await consumePayload(database, this.#model, id, leeway)) return;
      // Two requests read it unused and this one came second: one of them may be a thief.
      await deleteFamily(database, this.#model, id);
      throw new errors.InvalidGrant('already used');
    }

    async destroy(id: string): Promise<void> {
      // A session that goes on under a fresh id inherits from the one that it replaces.
      if (this.#model === 'Session') await retirePayload(database, this.#model, id);
      else await deletePayload(database, this.#model, id);
    }

    revokeByGrantId(grantId: string): Promise<void> {
      return deletePayloadsOfGrant(database, this.#model, grantId);
    }

    #unseal(record: PayloadRecord | undefined): AdapterPayload | undefined {
      if (!record?.sealedId) return undefined;
      return this.#restore(record, secrets.decrypt(record.sealedId, sealContext(this.#model)));
    }

    #restore({ payload, consumedAt }: PayloadRecord, id: string): AdapterPayload {
      const deviceCode = payload['deviceCode'];
      const usableUntil = (consumedAt?.getTime() ?? 0) + options.leewayOf(this.#model) * 1000;
      const isConsumed = consumedAt !== null && usableUntil <= Date.now();
      return {
        ...payload,
        jti: id,
        ...(typeof deviceCode === 'string' ? { deviceCode: this.#open(deviceCode) } : {}),
        ...(isConsumed ? { consumed: Math.floor(consumedAt.getTime() / 1000) } : {}),
      };
    }

    #seal(text: string): string {
      return secrets.encrypt(text, sealContext(this.#model)).toString('base64');
    }

    #open(sealed: string): string {
      return secrets.decrypt(Buffer.from(sealed, 'base64'), sealContext(this.#model));
    }
  };
}
