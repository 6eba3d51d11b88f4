import { DamagedFileError } from '../errors.js';
import { SAMPLE_RATE, type StereoBlock } from './stereo-block.js';

const { max, min, round } = Math;

/** Texts in the INFO list of a WAV file. Players show them; Apollo reads from the comment what a file holds. */
interface WavMetadata {
  readonly title: string;
  readonly comment: string;
}

/** A WAV file in memory. */
interface WavWriter {
  readonly bytes: Uint8Array;
  /** Writes the next frames, clipped to full scale. */
  append(block: StereoBlock): void;
}

const CHANNELS = 2;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_FRAME = CHANNELS * BYTES_PER_SAMPLE;
const WAVE_FORMAT_PCM = 1;
const MAX_BYTES = 0xffffffff;
const MAX_TEXT_LENGTH = 1000;

/**
 * A WAV file (RIFF) of 16-bit stereo at 44.1 kHz with the chunks `fmt `, `LIST` (INFO) and `data`.
 * @param frames number of frames that will be appended
 */
export function createWavWriter(frames: number, { title, comment }: WavMetadata): WavWriter {
  const parts = [encodeAscii('WAVE'), formatChunk(), infoList({ INAM: title, ISFT: 'Apollo', ICMT: comment })];
  const dataBytes = frames * BYTES_PER_FRAME;
  const headerBytes = 8 + parts.reduce((sum, part) => sum + part.length, 0) + 8;
  if (headerBytes + dataBytes > MAX_BYTES) throw new Error(`a WAV file holds 4 GB at most, got ${frames} frames`);
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const header = concatBytes([
    encodeAscii('RIFF'),
    uint32(headerBytes - 8 + dataBytes),
    ...parts,
    encodeAscii('data'),
    uint32(dataBytes),
  ]);
  bytes.set(header);
  const samples = new DataView(bytes.buffer, headerBytes);
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

/** The format and the samples of a WAV file. */
interface ParsedWav {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  readonly frames: number;
  /** ICMT of the INFO list; '' if there is none. */
  readonly comment: string;
  /** The samples, as in the file. */
  readonly data: Uint8Array;
}

/**
 * Parses a WAV file.
 * @throws DamagedFileError if it is cut off, or is no WAV file
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
  const fields = new DataView(format.buffer, format.byteOffset, format.length);
  return {
    sampleRate: fields.getUint32(4, true),
    channels: fields.getUint16(2, true),
    bitsPerSample: fields.getUint16(14, true),
    frames: Math.floor(data.length / fields.getUint16(12, true)),
    comment: info === undefined ? '' : commentOf(info),
    data,
  };
}

/** The nearest integer in -32,767..32,767. */
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
  const parts = Object.entries(entries).map(([name, text]) => {
    const body = encodeAscii(`${text}\0${text.length % 2 === 0 ? '\0' : ''}`); // zero-terminated, of even length
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
      const text = info.subarray(at + 8, at + 8 + Math.min(length, MAX_TEXT_LENGTH));
      return String.fromCharCode(...text).replace(/\0.*/s, '');
    }
    at += 8 + length + (length & 1);
  }
  return '';
}

const fourCcAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** ASCII, the only encoding that INFO defines; other characters become question marks. */
const encodeAscii = (text: string): Uint8Array =>
  Uint8Array.from([...text].slice(0, MAX_TEXT_LENGTH), (character) =>
    character < '\u0080' ? character.charCodeAt(0) : 0x3f,
  );

const uint16 = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8);
const uint32 = (value: number): Uint8Array => Uint8Array.of(...[0, 8, 16, 24].map((shift) => (value >>> shift) & 255));

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
