/** How much time compression may take: little, or more for fewer bytes. An adapter without levels ignores it. */
export type CompressionEffort = 'fast' | 'small';

/**
 * Compresses bytes.
 *
 * Promises, one test each in test/contracts/compression.contract.ts:
 * - `deflate` resolves to a zlib stream (RFC 1950) that inflates to the bytes.
 * - Equal bytes and effort give equal streams.
 * - Repeated bytes take less room than they did.
 */
export interface Compression {
  deflate(bytes: Uint8Array, effort: CompressionEffort): Promise<Uint8Array>;
}
