import type { Compression } from '../../ports/compression.js';

/** CompressionStream of the Compression Streams Standard. It has one level, so the effort changes nothing. */
export const webCompression: Compression = {
  async deflate(bytes) {
    const compressed = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
    return new Uint8Array(await new Response(compressed).arrayBuffer());
  },
};
