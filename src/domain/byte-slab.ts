/** Allocates many small, short-lived byte arrays from large buffers, since an ArrayBuffer for each would be slow. */
export class ByteSlab {
  private buffer = new ArrayBuffer(0);
  private used = 0;

  /** @param size bytes of a buffer; an array of more than a quarter of it gets a buffer of its own */
  constructor(private readonly size: number) {}

  /** Returns zeroed bytes that no other array shares. They keep their whole buffer alive. */
  allocate(bytes: number): Uint8Array<ArrayBuffer> {
    if (4 * bytes > this.size) return new Uint8Array(bytes);
    if (this.used + bytes > this.buffer.byteLength) {
      this.buffer = new ArrayBuffer(this.size);
      this.used = 0;
    }
    const allocated = new Uint8Array(this.buffer, this.used, bytes);
    this.used = allocated.byteOffset + allocated.byteLength; // integers to V8, also if `bytes` is a double
    return allocated;
  }
}
