/**
 * The protobuf wire format, writing: https://protobuf.dev/programming-guides/encoding/
 * Parts are kept as a list and joined once, so that weights are copied once however deep they are nested.
 */
export class WireWriter {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  /** A whole number, safe in a double; negative ones take ten bytes, as int64 does. */
  int(field: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw new Error(`protobuf field ${field} needs a whole number, got ${value}`);
    this.push(Uint8Array.of(...varint(field * 8 + VARINT), ...varint(value)));
  }

  float(field: number, value: number): void {
    const four = new Uint8Array(4);
    new DataView(four.buffer).setFloat32(0, value, true);
    this.push(Uint8Array.of(...varint(field * 8 + FIXED32), ...four));
  }

  string(field: number, value: string): void {
    this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.push(Uint8Array.of(...varint(field * 8 + LENGTH_DELIMITED), ...varint(value.length)));
    this.push(value);
  }

  message(field: number, write: (writer: WireWriter) => void): void {
    const inner = new WireWriter();
    write(inner);
    this.push(Uint8Array.of(...varint(field * 8 + LENGTH_DELIMITED), ...varint(inner.size)));
    for (const part of inner.parts) this.push(part);
  }

  /** Everything so far in one array. */
  finish(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** The parts written so far, in order. */
  *chunks(): Iterable<Uint8Array> {
    yield* this.parts;
  }

  private push(part: Uint8Array): void {
    this.parts.push(part);
    this.size += part.length;
  }
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

const encoder = new TextEncoder();

/** Seven bits a byte, lowest first. */
function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
  return out;
}
