import { DamagedFileError } from '../../../domain/errors.js';
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-writer.js';

/** A short text: as ASCII, byte by byte, which most names are, at half of what a decoder takes to begin. */
export function decodeShortText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const unit = bytes[i]!;
    if (unit > 127 || i === MAX_ASCII_LENGTH) return decodeUtf8(bytes);
    text += String.fromCharCode(unit);
  }
  return text;
}

const MAX_ASCII_LENGTH = 32;

/** Bytes that are not UTF-8 become U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One field of a protobuf message; `bytes` is a view into the message. */
interface WireField {
  readonly field: number;
  /** The number of a varint field, exact up to 2^53; 0 for others. */
  readonly value: number;
  /** The content of a length-delimited field; empty for others. */
  readonly bytes: Uint8Array;
  /** The number of a field of four bytes, as a float; 0 for others. */
  readonly float32: number;
}

const EMPTY_BYTES = new Uint8Array();

/**
 * Walks the fields of a message without trusting a byte of it: every length is checked, nothing is copied.
 * @throws DamagedFileError where the bytes are no protobuf message
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  const cursor = new Cursor(message);
  while (cursor.at < message.length) {
    const key = cursor.varint();
    const wire = key % 8;
    const field = (key - wire) / 8;
    if (field < 1 || field > 536_870_911) throw cursor.damaged(`says field ${field}, which cannot be`);
    if (wire === VARINT) {
      yield { field, value: cursor.varint(), bytes: EMPTY_BYTES, float32: 0 };
      continue;
    }
    const length = wire === LENGTH_DELIMITED ? cursor.varint() : wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : -1;
    if (length < 0) throw cursor.damaged(`has the unknown wire type ${wire}`);
    const start = cursor.at;
    const left = message.length - start;
    if (length > left) throw cursor.damaged(`promises ${length} bytes, ${left} are left`);
    cursor.at = start + length;
    const place = message.byteOffset + start;
    const bytes = wire === LENGTH_DELIMITED ? new Uint8Array(message.buffer, place, length) : EMPTY_BYTES;
    const float32 = wire === FIXED32 ? new DataView(message.buffer, place, 4).getFloat32(0, true) : 0;
    yield { field, value: 0, bytes, float32 };
  }
}

/** Plain code: a model is read once, at the start of the program, when nothing is compiled yet. */
class Cursor {
  at = 0;

  constructor(private readonly message: Uint8Array) {}

  varint(): number {
    let value = 0;
    let unit = 1;
    for (let bytes = 0; bytes < 10; bytes++) {
      const byte = this.message[this.at++];
      if (byte === undefined) throw this.damaged('is missing');
      if (byte < 0x80) return value + byte * unit;
      value += (byte & 0x7f) * unit;
      unit *= 128;
    }
    throw this.damaged('ends a number of more than ten bytes');
  }

  damaged(what: string): DamagedFileError {
    return new DamagedFileError(`byte ${this.at} of a message ${what}`);
  }
}

/** A field of a message that may end too early; `isCut`: it does so inside this field. */
export interface TruncatedField {
  readonly field: number;
  readonly bytes: Uint8Array;
  readonly isTruncated: boolean;
}

/** The length-delimited fields of a damaged message, up to where nothing makes sense any more. */
export function* wireFieldsUntilDamage(message: Uint8Array): Generator<TruncatedField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70 && at < message.length; shift += 7) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  while (at < message.length) {
    const key = varint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (wire === VARINT) {
      varint();
      continue;
    }
    const length = wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : wire === LENGTH_DELIMITED ? varint() : NaN;
    if (Number.isNaN(length)) return;
    const isTruncated = length > message.length - at;
    if (wire === LENGTH_DELIMITED) yield { field, bytes: message.subarray(at, at + length), isTruncated };
    at += length;
  }
}
