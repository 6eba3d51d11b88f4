/** Bytes for many small arrays that live shortly: giving each a memory of its own takes longer than filling it. */
export class ByteSlab {
  private memory = new ArrayBuffer(0);
  private used = 0;

  /** @param size bytes that are set aside at a time; an array of more than a quarter of them gets a memory of its own */
  constructor(private readonly size: number) {}

  /** So many bytes of 0 that nobody else has. They keep those that were set aside with them. */
  allocate(bytes: number): Uint8Array<ArrayBuffer> {
    if (4 * bytes > this.size) return new Uint8Array(bytes);
    if (this.used + bytes > this.memory.byteLength) {
      this.memory = new ArrayBuffer(this.size);
      this.used = 0;
    }
    const taken = new Uint8Array(this.memory, this.used, bytes);
    this.used = taken.byteOffset + taken.byteLength; // whole numbers to the compiler, whatever `bytes` came from
    return taken;
  }
}
