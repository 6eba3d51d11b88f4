/**
 * File names are bytes, and not always UTF-8. As text, a byte that is not is kept as the lone surrogate U+DC00 + byte,
 * as Python does (PEP 383, "surrogateescape"), so that the text still opens the file.
 */
export function decodePath(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const length = utf8SequenceLength(bytes, i);
    out +=
      length === 0 ? String.fromCharCode(0xdc00 + bytes[i]!) : Buffer.from(bytes.subarray(i, i + length)).toString();
    i += length || 1;
  }
  return out;
}

/** The bytes that `decodePath` was given. */
export function encodePath(text: string): Buffer {
  if (isUtf8(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    text
      .split(/([\udc80-\udcff])/u)
      .map((part) =>
        ESCAPED_BYTE.test(part) ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part, 'utf8'),
      ),
  );
}

/** The path for Node's file functions: text if it is UTF-8, which is faster than bytes. */
export const toNodePath = (text: string): string | Buffer => (isUtf8(text) ? text : encodePath(text));

/** For reports: bytes that are not UTF-8 as `\xe9`. */
export const printablePath = (text: string): string =>
  isUtf8(text) ? text : text.replace(/[\udc80-\udcff]/gu, (byte) => `\\x${(byte.charCodeAt(0) - 0xdc00).toString(16)}`);

/** Whether no byte stands for itself; at once for most names, which a search with a pattern is not. */
const isUtf8 = (text: string): boolean => text.isWellFormed() || !ESCAPED_BYTE.test(text);

/** With the u flag a surrogate that is part of a pair does not match. */
const ESCAPED_BYTE = /[\udc80-\udcff]/u;

/** Bytes of the well-formed UTF-8 sequence that begins at `i`, or 0. */
function utf8SequenceLength(bytes: Uint8Array, i: number): number {
  for (let length = 1; length <= 4 && i + length <= bytes.length; length++) {
    const text = Buffer.from(bytes.subarray(i, i + length)).toString('utf8');
    if (!text.includes('\ufffd')) return length;
    if (length === 3 && bytes[i] === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) return 3; // U+FFFD itself
  }
  return 0;
}
