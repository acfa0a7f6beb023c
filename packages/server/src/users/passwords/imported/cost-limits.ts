/*
 * What an imported hash may ask for at a sign-in: whoever writes an import file must not be able to keep the server busy.
 * Measured on one core of a 2026 server: none takes more than about two seconds or 256 MiB.
 */

/** bcrypt: 2^15 rounds, 2.0 s. */
export const mostBcryptRounds = 15;
/** argon2: KiB, and KiB × passes: 2.2 s. */
export const mostArgon2Memory = 262_144;
export const mostArgon2Work = 2_097_152;
/** The same for passwords in another encoding, which WebAssembly hashes on the thread that answers requests: 0.2 s. */
export const mostSlowArgon2Work = 65_536;
/** PBKDF2: iterations × blocks of the digest; 1.5 s of SHA-512. */
export const mostPbkdf2Work = 2_000_000;
/** The same where WebAssembly computes it, on the thread that answers requests: 0.2 s. */
export const mostSlowPbkdf2Work = 25_000;
/** scrypt: bytes, which are 128 · cost · block size; and bytes × parallelization: 1.6 s. */
export const mostScryptMemory = 256 * 1024 * 1024;
export const mostScryptWork = 512 * 1024 * 1024;
/** phpass and Drupal: log2 of the iterations; 1.4 s, in turns of 5 ms. */
export const mostIteratedCost = 19;
