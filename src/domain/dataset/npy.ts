import { DamagedFileError } from '../errors.js';

/**
 * The header of an array of bytes in NumPy's format 1.0: magic, length of the header, a Python dictionary padded with
 * spaces so that the data start at a multiple of 64. The data are in C order.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function encodeNpyHeader(shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': (${axes}), }`;
  const length = Math.ceil((PREFIX_BYTES + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = new Uint8Array(length).fill(SPACE);
  header.set(MAGIC);
  header[8] = (length - PREFIX_BYTES) & 0xff;
  header[9] = (length - PREFIX_BYTES) >> 8;
  for (let i = 0; i < dictionary.length; i++) header[PREFIX_BYTES + i] = dictionary.charCodeAt(i);
  header[length - 1] = NEWLINE;
  return header;
}

interface NpyHeader {
  readonly shape: readonly number[];
  /** Byte offset of the data. */
  readonly dataOffset: number;
}

/**
 * @param bytes the first NPY_HEADER_LIMIT bytes of the file, or all of it if it is shorter
 * @param file name of the file, for the error
 * @throws DamagedFileError
 */
export function decodeNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  if (bytes.length < PREFIX_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new DamagedFileError(`${file} is not a NumPy array of format 1.0: its magic is missing at byte 0`);
  }
  const dataOffset = PREFIX_BYTES + bytes[8]! + bytes[9]! * 256;
  if (dataOffset > bytes.length || dataOffset > NPY_HEADER_LIMIT) {
    throw new DamagedFileError(`${file} ends inside its header, or has a header of ${dataOffset} bytes`);
  }
  const text = String.fromCharCode(...bytes.subarray(PREFIX_BYTES, dataOffset));
  const [, axes] = HEADER_PATTERN.exec(text) ?? [];
  if (axes === undefined) {
    throw new DamagedFileError(
      `${file} is not an array of bytes in C order: its header at byte ${PREFIX_BYTES} says otherwise`,
    );
  }
  const shape = axes.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]));
  return { shape, dataOffset };
}

/** Largest header that is read; those that Apollo writes have 128 bytes. */
export const NPY_HEADER_LIMIT = 1024;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // \x93NUMPY, version 1.0
const PREFIX_BYTES = 10;
const ALIGNMENT = 64;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const HEADER_PATTERN =
  /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(((?:\d{1,10}, ?)*(?:\d{1,10})?)\), \} *\n$/;
