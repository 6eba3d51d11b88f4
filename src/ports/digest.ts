/**
 * Computes a fingerprint of bytes.
 *
 * Promise, tested in test/contracts/digest.contract.ts:
 * - Resolves to the SHA-256 (FIPS 180-4) of the bytes, in lower-case hex.
 */
export type Digest = (bytes: Uint8Array) => Promise<string>;
