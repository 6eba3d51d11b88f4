import { DamagedFileError } from '../errors.js';
import { SAMPLE_RATE, type StereoBlock } from './stereo-block.js';

const { max, min, round } = Math;

/** Words kept in a WAV file: shown by players, and how Apollo knows what a file holds. */
export interface WavMetadata {
  readonly title: string;
  readonly comment: string;
}

/** A WAV file that is being filled. */
export interface WavWriter {
  readonly bytes: Uint8Array;
  /** The next frames; what is over full scale is cut. Too many are a bug. */
  append(block: StereoBlock): void;
}

const CHANNELS = 2;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_FRAME = CHANNELS * BYTES_PER_SAMPLE;
const WAVE_FORMAT_PCM = 1;
const MAX_BYTES = 0xffffffff;

/**
 * A WAV file (RIFF) of 16-bit stereo at 44.1 kHz: `fmt `, `LIST` of INFO with the words, `data`.
 * @param frames all that will be appended
 */
export function createWavWriter(frames: number, { title, comment }: WavMetadata): WavWriter {
  const words = [encodeAscii('WAVE'), formatChunk(), infoList({ INAM: title, ISFT: 'Apollo', ICMT: comment })];
  const dataBytes = frames * BYTES_PER_FRAME;
  const headBytes = 8 + words.reduce((sum, part) => sum + part.length, 0) + 8;
  if (headBytes + dataBytes > MAX_BYTES) throw new Error(`a WAV file holds 4 GB at most, got ${frames} frames`);
  const bytes = new Uint8Array(headBytes + dataBytes);
  const head = concatBytes([
    encodeAscii('RIFF'),
    uint32(headBytes - 8 + dataBytes),
    ...words,
    encodeAscii('data'),
    uint32(dataBytes),
  ]);
  bytes.set(head);
  const samples = new DataView(bytes.buffer, headBytes);
  let at = 0;
  return {
    bytes,
    append({ left, right }) {
      for (let i = 0; i < left.length; i++, at += BYTES_PER_FRAME) {
        samples.setInt16(at, toInt16(left[i]!), true);
        samples.setInt16(at + BYTES_PER_SAMPLE, toInt16(right[i]!), true);
      }
    },
  };
}

/** What a WAV file of ours says. */
export interface ParsedWav {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  readonly frames: number;
  /** Of the INFO list; '' when it has none. */
  readonly comment: string;
  /** Where the samples are. */
  readonly data: Uint8Array;
}

/**
 * Reads a WAV file chunk by chunk.
 * @throws DamagedFileError unless it is whole
 */
export function parseWav(bytes: Uint8Array): ParsedWav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || fourCcAt(bytes, 0) !== 'RIFF' || fourCcAt(bytes, 8) !== 'WAVE') {
    throw new DamagedFileError('not a WAV file: RIFF and WAVE are expected at its start');
  }
  const chunks = new Map<string, Uint8Array>();
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) throw new DamagedFileError(`the WAV file ends inside its chunk at byte ${at}`);
    chunks.set(fourCcAt(bytes, at), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length & 1);
  }
  const [format, data, info] = [chunks.get('fmt '), chunks.get('data'), chunks.get('LIST')];
  if (format === undefined || format.length < 16 || data === undefined) {
    throw new DamagedFileError('the WAV file lacks its format or its samples');
  }
  const facts = new DataView(format.buffer, format.byteOffset, format.length);
  return {
    sampleRate: facts.getUint32(4, true),
    channels: facts.getUint16(2, true),
    bitsPerSample: facts.getUint16(14, true),
    frames: Math.floor(data.length / facts.getUint16(12, true)),
    comment: info === undefined ? '' : commentOf(info),
    data,
  };
}

/** Nearest of -32,767..32,767; full scale is never passed. */
const toInt16 = (sample: number): number => round(max(-1, min(1, sample)) * 32_767);

const formatChunk = (): Uint8Array =>
  concatBytes([
    encodeAscii('fmt '),
    uint32(16),
    uint16(WAVE_FORMAT_PCM),
    uint16(CHANNELS),
    uint32(SAMPLE_RATE),
    uint32(SAMPLE_RATE * BYTES_PER_FRAME),
    uint16(BYTES_PER_FRAME),
    uint16(8 * BYTES_PER_SAMPLE),
  ]);

function infoList(entries: Readonly<Record<string, string>>): Uint8Array {
  const parts = Object.entries(entries).map(([name, words]) => {
    const body = encodeAscii(`${words}\0${words.length % 2 === 0 ? '\0' : ''}`); // ends in a zero, and is of even length
    return concatBytes([encodeAscii(name), uint32(body.length), body]);
  });
  const body = concatBytes([encodeAscii('INFO'), ...parts]);
  return concatBytes([encodeAscii('LIST'), uint32(body.length), body]);
}

function commentOf(info: Uint8Array): string {
  const view = new DataView(info.buffer, info.byteOffset, info.length);
  for (let at = 4; at + 8 <= info.length;) {
    const length = view.getUint32(at + 4, true);
    if (fourCcAt(info, at) === 'ICMT') {
      return String.fromCharCode(...info.subarray(at + 8, Math.min(at + 8 + length, at + 8 + 1000))).replace(
        /\0.*/s,
        '',
      );
    }
    at += 8 + length + (length & 1);
  }
  return '';
}

const fourCcAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** One byte a character: INFO knows no other encoding, so what is not ASCII becomes a question mark. */
const encodeAscii = (words: string): Uint8Array =>
  Uint8Array.from([...words].slice(0, 1000), (character) => (character < '\u0080' ? character.charCodeAt(0) : 0x3f));

const uint16 = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8);
const uint32 = (value: number): Uint8Array => Uint8Array.of(...[0, 8, 16, 24].map((shift) => (value >>> shift) & 255));

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
