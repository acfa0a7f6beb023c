import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { loadSigningKeys, type SigningKey } from '../tenant/index.ts';

/** Milliseconds after which the keys are read again: how long a rotation elsewhere may go unnoticed. */
const refreshInterval = 5_000;
/** Milliseconds between readings that an unknown key id in a token may cause. */
const forcedInterval = 1_000;

/** This process' view of the signing keys, refreshed as time passes. */
export interface KeyRing {
  /** Whether `current` would answer without reading. */
  isFresh(): boolean;
  current(): Promise<readonly SigningKey[]>;
  /** Reads again now, unless it did a moment ago. @returns whether it read */
  reload(): Promise<boolean>;
}

/** @param onChange called when the set of keys is another than before */
export async function openKeyRing(
  database: Database,
  secrets: SecretBox,
  onChange: (keys: readonly SigningKey[]) => void,
): Promise<KeyRing> {
  let keys = await loadSigningKeys(database, secrets);
  let readAt = Date.now();
  let reading: Promise<void> | undefined;
  const fingerprint = (ring: readonly SigningKey[]) =>
    ring.map((key) => `${key.kid}:${key.status}`).join(' ');
  const read = async () => {
    const fresh = await loadSigningKeys(database, secrets);
    const isOther = fingerprint(fresh) !== fingerprint(keys);
    keys = fresh;
    readAt = Date.now();
    if (isOther) onChange(keys);
  };
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    isFresh: () => Date.now() - readAt <= refreshInterval,
    current: async () => {
      if (Date.now() - readAt > refreshInterval) await readOnce();
      return keys;
    },
    reload: async () => {
      if (Date.now() - readAt < forcedInterval) return false;
      await readOnce();
      return true;
    },
  };
}
