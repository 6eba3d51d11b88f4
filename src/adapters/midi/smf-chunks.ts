import { bigEndian32, startsWith, type ByteRange } from './smf-header.js';
import type { WarningList } from './warning-list.js';

/** The events of one track. */
export interface TrackChunk {
  /** Of the MTrk. */
  readonly offset: number;
  readonly start: number;
  /** Offset of the chunk's end by its own length, at most `limit`. */
  readonly claimedEnd: number;
  /** No event reaches past this. Other than `claimedEnd` only where the length is wrong. */
  readonly limit: number;
  /** False when the length cannot be right, so that the last event may be cut. */
  readonly isWhole: boolean;
}

/**
 * The track chunks of a file from `at` on. Chunks of other types are skipped, as the standard requires.
 *
 * A chunk length is accepted if it leads to the end of the file or track, or to another chunk. Otherwise the track
 * extends to the next MTrk or to the end of the file, and its events determine its end. Every byte is read once.
 */
export function* trackChunks(
  bytes: Uint8Array,
  { end }: ByteRange,
  at: number,
  warnings: WarningList,
): Generator<TrackChunk> {
  while (end - at >= CHUNK_HEADER_BYTES) {
    if (!isChunk(bytes, at, end)) {
      const next = findTrack(bytes, at, end);
      warnings.add(at, `${next - at} bytes belong to no chunk and are skipped`);
      at = next;
      continue;
    }
    const start = at + CHUNK_HEADER_BYTES;
    const length = bigEndian32(bytes, at + 4);
    if (startsWith(bytes, at, 'MTrk')) {
      const chunk = trackChunk(bytes, { start, end }, at, length, warnings);
      yield chunk;
      at = chunk.limit;
    } else at = start + length;
  }
  if (at < end) warnings.add(at, `${end - at} bytes at the end belong to no chunk and are skipped`);
}

/** A kind and a length. */
const CHUNK_HEADER_BYTES = 8;

function trackChunk(
  bytes: Uint8Array,
  { start, end }: ByteRange,
  offset: number,
  length: number,
  warnings: WarningList,
): TrackChunk {
  const claimed = start + length;
  const isWhole = claimed === end || (claimed < end && (endsTrack(bytes, claimed) || isChunk(bytes, claimed, end)));
  if (isWhole) return { offset, start, claimedEnd: claimed, limit: claimed, isWhole };
  const limit = findTrack(bytes, start, end);
  warnings.add(
    offset + 4,
    claimed > end
      ? `this track should be ${length} bytes long, but the file ends after ${end - start}`
      : `this track should be ${length} bytes long, but no chunk follows there`,
  );
  return { offset, start, claimedEnd: Math.min(claimed, limit), limit, isWhole };
}

const endsTrack = (bytes: Uint8Array, at: number): boolean =>
  bytes[at - 3] === 0xff && bytes[at - 2] === 0x2f && bytes[at - 1] === 0;

/** A track, or another kind named by four printable characters that fits into the file. */
function isChunk(bytes: Uint8Array, at: number, end: number): boolean {
  if (startsWith(bytes, at, 'MTrk')) return true;
  for (let i = at; i < at + 4; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return false;
  return bigEndian32(bytes, at + 4) <= end - at - CHUNK_HEADER_BYTES;
}

/** Offset of the next MTrk; `end` if there is none. */
function findTrack(bytes: Uint8Array, from: number, end: number): number {
  for (let at = bytes.indexOf(0x4d, from); at >= 0 && at < end; at = bytes.indexOf(0x4d, at + 1)) {
    if (startsWith(bytes, at, 'MTrk') && end - at >= CHUNK_HEADER_BYTES) return at;
  }
  return end;
}
