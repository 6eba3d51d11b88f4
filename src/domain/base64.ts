const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    digits[at++] = CODES[a >> 2]!;
    digits[at++] = CODES[((a & 3) << 4) | (b >> 4)]!;
    if (i + 1 < bytes.length) digits[at] = CODES[((b & 15) << 2) | (c >> 6)]!;
    if (i + 2 < bytes.length) digits[at + 1] = CODES[c & 63]!;
    at += 2;
  }
  return new TextDecoder().decode(digits);
}

const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const PADDING = '='.charCodeAt(0);
