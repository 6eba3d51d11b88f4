import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeNpyHeader, encodeNpyHeader, NPY_HEADER_LIMIT } from '../../../src/domain/dataset/npy.js';
import { DamagedFileError } from '../../../src/domain/errors.js';

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('npy header', () => {
  it('decodes to the encoded shape, and ends at a multiple of 64', () => {
    const shapes = fc.array(fc.nat(2 ** 31), { maxLength: 9 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const header = encodeNpyHeader(shape);
        expect(header.length % 64).toBe(0);
        expect(decodeNpyHeader(header, 'x.npy')).toEqual({ shape, dataOffset: header.length });
      }),
      { numRuns: 100 },
    );
  });

  it('is the header that numpy.save writes', () => {
    // numpy.save of numpy.zeros((512, 1, 64, 32), numpy.uint8), its first 128 bytes
    const dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (512, 1, 64, 32), }";
    expect(text(encodeNpyHeader([512, 1, 64, 32]))).toBe(`\x93NUMPY\x01\x00v\x00${dictionary.padEnd(117)}\n`);
    expect(text(encodeNpyHeader([7]))).toContain("'shape': (7,), }");
  });

  it.each([
    ['no bytes', ''],
    ['another magic', '\x93NUMPX\x01\x00v\x00'],
    ['version 2', `\x93NUMPY\x02\x00v\x00${' '.repeat(118)}`],
    ['a header that is cut', "\x93NUMPY\x01\x00v\x00{'descr'"],
    ['a huge header', `\x93NUMPY\x01\x00\xff\xff${' '.repeat(NPY_HEADER_LIMIT)}`],
    ['floats', `\x93NUMPY\x01\x00v\x00${"{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }".padEnd(117)}\n`],
    [
      'Fortran order',
      `\x93NUMPY\x01\x00v\x00${"{'descr': '|u1', 'fortran_order': True, 'shape': (7,), }".padEnd(117)}\n`,
    ],
  ])('refuses %s and names the file', (_, bytes) => {
    const decode = (): unknown =>
      decodeNpyHeader(
        Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
        'chunk-00003.npy',
      );
    expect(decode).toThrow(DamagedFileError);
    expect(decode).toThrow('chunk-00003.npy');
  });
});
