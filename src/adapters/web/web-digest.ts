import type { Digest } from '../../ports/digest.js';

/** SHA-256 of the Web Cryptography API, which browsers offer in secure contexts: https, localhost and file. */
export const webDigest: Digest = async (bytes) => {
  // A copy where the view may lie on shared memory, which digest() does not take.
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
