/**
 * A hash as the table `credentials` keeps it. `hash` describes itself: a PHC or modular crypt string, or for everything
 * that is neither the `custom_password_hash` of the import as JSON. `algorithm` is for statistics and for people.
 */
export interface StoredHash {
  readonly algorithm: string;
  readonly hash: string;
}

type Encoding = 'base64' | 'hex' | 'utf8';

export interface Salt {
  readonly value: string;
  readonly encoding?: Encoding;
  readonly position?: 'prefix' | 'suffix';
}

/** A `custom_password_hash` that was held against its schema. */
export interface CustomHash {
  readonly algorithm: string;
  readonly hash: {
    readonly value: string;
    readonly encoding?: Encoding;
    readonly digest?: string;
    readonly key?: { readonly value: string; readonly encoding?: Encoding };
  };
  readonly salt?: Salt;
  readonly password?: { readonly encoding?: BufferEncoding };
  readonly keylen?: number;
  readonly cost?: number;
  readonly blockSize?: number;
  readonly parallelization?: number;
  readonly signer_key?: string;
  readonly salt_separator?: string;
  readonly rounds?: number;
  readonly mem_cost?: number;
}
