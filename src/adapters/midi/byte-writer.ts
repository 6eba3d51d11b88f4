/** Bytes that are written one after the other; numbers are big-endian, as in all MIDI files. */
export class ByteWriter {
  private buffer = new Uint8Array(4096);
  private length = 0;

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  byte(value: number): this {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
    return this;
  }

  bytes2(a: number, b: number): this {
    return this.byte(a).byte(b);
  }

  bytes3(a: number, b: number, c: number): this {
    return this.byte(a).byte(b).byte(c);
  }

  uint16(value: number): this {
    return this.byte(value >> 8).byte(value);
  }

  uint32(value: number): this {
    return this.uint16(value >>> 16).uint16(value);
  }

  /** Seven bits a byte, highest first, the top bit set in all but the last. 0..2^28-1. */
  variableLengthQuantity(value: number): this {
    for (let shift = 21; shift > 0; shift -= 7) if (value >> shift !== 0) this.byte((value >> shift) | 0x80);
    return this.byte(value & 0x7f);
  }

  /** Four characters of ASCII. */
  ascii(value: string): this {
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
    return this;
  }

  meta(type: number, data: ArrayLike<number>): this {
    this.byte(0xff).byte(type).variableLengthQuantity(data.length);
    if (this.length + data.length > this.buffer.length) this.grow(data.length);
    this.buffer.set(data, this.length);
    this.length += data.length;
    return this;
  }

  /** Room for a length that is known later; returns its place for `fillLength`. */
  reserveUint32(): number {
    this.uint32(0);
    return this.length - 4;
  }

  /** Writes the number of bytes since `place` into it. */
  fillLength(place: number): void {
    new DataView(this.buffer.buffer).setUint32(place, this.length - place - 4);
  }

  private grow(more: number): void {
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
