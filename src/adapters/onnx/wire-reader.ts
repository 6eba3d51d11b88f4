import { DamagedFileError } from '../../domain/errors.js';
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-writer.js';

/** One field of a protobuf message; `bytes` is a view into the message. */
export interface WireField {
  readonly field: number;
  /** The number of a varint field, exact up to 2^53; 0 for others. */
  readonly value: number;
  /** What a length-delimited field holds; empty for others. */
  readonly bytes: Uint8Array;
  /** The number of a field of four bytes, as a float; 0 for others. */
  readonly single: number;
}

const NOTHING = new Uint8Array();

/**
 * Walks the fields of a message without trusting a byte of it: every length is checked, nothing is copied.
 * @throws DamagedFileError where the bytes are no protobuf message
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const damaged = (what: string): DamagedFileError => new DamagedFileError(`byte ${at} of a message ${what}`);
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw damaged('is missing');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged('ends a number of more than ten bytes');
  };
  while (at < message.length) {
    const key = varint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (field < 1 || field > 536_870_911) throw damaged(`says field ${field}, which cannot be`);
    if (wire === VARINT) {
      yield { field, value: varint(), bytes: NOTHING, single: 0 };
      continue;
    }
    const length = wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : wire === LENGTH_DELIMITED ? varint() : -1;
    if (length < 0) throw damaged(`has the unknown wire type ${wire}`);
    if (length > message.length - at) throw damaged(`promises ${length} bytes, ${message.length - at} are left`);
    const bytes = message.subarray(at, at + length);
    at += length;
    const single = wire === FIXED32 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : 0;
    yield { field, value: 0, bytes: wire === LENGTH_DELIMITED ? bytes : NOTHING, single };
  }
}

/** A field of a message that may end too early; `isCut`: it does so inside this field. */
export interface CutField {
  readonly field: number;
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** The length-delimited fields of a damaged message, up to where nothing makes sense any more. */
export function* fieldsAsFarAs(message: Uint8Array): Generator<CutField> {
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
    const isCut = length > message.length - at;
    if (wire === LENGTH_DELIMITED) yield { field, bytes: message.subarray(at, at + length), isCut };
    at += length;
  }
}
