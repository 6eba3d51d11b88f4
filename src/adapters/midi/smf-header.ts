import { MidiError } from '../../domain/midi/midi-error.js';
import type { WarningList } from './warning-list.js';

/** Bytes start..end-1 of the file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface SmfHeader {
  readonly format: 0 | 1 | 2;
  /** As the header says; the file may hold another number. */
  readonly trackCount: number;
  /** The raw sixteen bits: ticks a beat, or a frame rate and ticks a frame. */
  readonly division: number;
  /** Offset of the division. */
  readonly divisionOffset: number;
  /** Offset of the first chunk after the header. */
  readonly firstChunkOffset: number;
}

/** Range of the Standard MIDI File in the bytes: all of them, or the data chunk of a RIFF file of form RMID. */
export function locateSmf(bytes: Uint8Array, warnings: WarningList): ByteRange {
  if (bytes.length === 0) throw new MidiError('MIDI_EMPTY', 0, 'the file is empty');
  if (!startsWith(bytes, 0, 'RIFF')) return { start: 0, end: bytes.length };
  if (bytes.length < 12) throw truncated(bytes.length, 'a RIFF header of 12 bytes');
  if (!startsWith(bytes, 8, 'RMID')) throw new MidiError('MIDI_NOT_MIDI', 8, 'a RIFF file, but not of the form RMID');
  let at = 12;
  while (at + 8 <= bytes.length) {
    const [start, size] = [at + 8, littleEndian32(bytes, at + 4)];
    if (startsWith(bytes, at, 'data')) {
      if (size > bytes.length - start) {
        warnings.add(
          at + 4,
          `the data chunk should be ${size} bytes long, but the file ends after ${bytes.length - start}`,
        );
      }
      return { start, end: Math.min(bytes.length, start + size) };
    }
    at = start + size + (size % 2); // RIFF chunks start at even places
  }
  throw new MidiError('MIDI_NO_TRACKS', Math.min(at, bytes.length), 'an RMID file without a data chunk');
}

export function readSmfHeader(bytes: Uint8Array, { start, end }: ByteRange, warnings: WarningList): SmfHeader {
  for (let i = 0; i < 4; i++) {
    if (start + i >= end) throw truncated(end, 'a header of 14 bytes');
    if (bytes[start + i] !== 'MThd'.charCodeAt(i)) {
      throw new MidiError('MIDI_NOT_MIDI', start, 'not a Standard MIDI File: it does not start with MThd');
    }
  }
  const length = end - start >= 8 ? bigEndian32(bytes, start + 4) : 6;
  if (length < 6)
    throw new MidiError('MIDI_BAD_HEADER', start + 4, `the header should be 6 bytes long or more, got ${length}`);
  if (end - start < 14) throw truncated(end, 'a header of 14 bytes');
  const format = bigEndian16(bytes, start + 8);
  if (format > 2) throw new MidiError('MIDI_BAD_HEADER', start + 8, `the format should be 0, 1 or 2, got ${format}`);
  return {
    format: format as 0 | 1 | 2,
    trackCount: bigEndian16(bytes, start + 10),
    division: bigEndian16(bytes, start + 12),
    divisionOffset: start + 12,
    firstChunkOffset: endOfHeader(bytes, { start, end }, length, warnings),
  };
}

/** A longer header is legal; one whose length is wrong can be used if a track follows its six known bytes. */
function endOfHeader(bytes: Uint8Array, { start, end }: ByteRange, length: number, warnings: WarningList): number {
  const isLonger = length > 6 && !startsWith(bytes, start + 14, 'MTrk');
  if (isLonger && length > end - start - 8) {
    const reason = `the header should be 6 bytes long, got ${length}, past the end of the file`;
    throw new MidiError('MIDI_BAD_HEADER', start + 4, reason);
  }
  if (length > 6 && !isLonger)
    warnings.add(start + 4, `the header should be 6 bytes long, got ${length}; it is read as 6`);
  return isLonger ? start + 8 + length : start + 14;
}

const truncated = (end: number, want: string): MidiError =>
  new MidiError('MIDI_TRUNCATED', end, `the file ends here, inside ${want}`);

export function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

const bigEndian16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
export const bigEndian32 = (bytes: Uint8Array, at: number): number =>
  bigEndian16(bytes, at) * 65_536 + bigEndian16(bytes, at + 2);
const littleEndian32 = (bytes: Uint8Array, at: number): number =>
  bytes[at]! + bytes[at + 1]! * 256 + (bytes[at + 2]! + bytes[at + 3]! * 256) * 65_536;
