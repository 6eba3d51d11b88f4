import { DamagedFileError } from '../../domain/errors.js';
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-writer.js';

/** One field of a protobuf message; `bytes` is a view into the message. */
export interface WireField {
  readonly field: number;
  /** The number of a varint field, exact up to 2^53; 0 for others. */
  readonly value: number;
  /** What a length-delimited field holds; empty for others. */
  readonly bytes: Uint8Array;
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
      yield { field, value: varint(), bytes: NOTHING };
      continue;
    }
    const length = wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : wire === LENGTH_DELIMITED ? varint() : -1;
    if (length < 0) throw damaged(`has the unknown wire type ${wire}`);
    if (length > message.length - at) throw damaged(`promises ${length} bytes, ${message.length - at} are left`);
    const bytes = message.subarray(at, at + length);
    at += length;
    yield { field, value: 0, bytes: wire === LENGTH_DELIMITED ? bytes : NOTHING };
  }
}
