/*
 * What an imported hash may ask for at a sign-in: whoever writes an import file must not be able to keep the server
 * busy. Measured on one core of a 2026 server: none takes more than about two seconds or 256 MiB. Kept hashes are held
 * against the limits again before they are computed: whoever lowers one locks users out.
 */

/** bcrypt: 2^15 rounds, 2.1 s. */
export const mostBcryptRounds = 15;
/** argon2: KiB, and KiB × passes: 2.0 s. */
export const mostArgon2Memory = 262_144;
export const mostArgon2Work = 2_097_152;
export const mostArgon2Lanes = 64;
/** PBKDF2: iterations × blocks of the digest; 1.7 s of SHA-512. */
export const mostPbkdf2Work = 2_000_000;
/** The same where WebAssembly computes it: 1.6 s each, in turns of 5 ms. */
export const mostSlowPbkdf2Work: ReadonlyMap<string, number> = new Map([
  ['md4', 400_000],
  ['whirlpool', 150_000],
]);
/** scrypt: bytes, which are 128 · cost · block size; and bytes × parallelization: 1.9 s. */
export const mostScryptMemory = 256 * 1024 * 1024;
export const mostScryptWork = 512 * 1024 * 1024;
/** scrypt: block size and parallelization each; with both at the limit the lanes take 32 MiB. */
export const mostScryptBlocks = 512;
/** phpass and Drupal: log2 of the iterations; 0.5 s, 2.1 s with the longest password, in turns of 5 ms. */
export const mostIteratedCost = 18;
