import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { DamagedFileError } from '../../../../src/domain/errors.js';
import { decodeShortText, wireFields } from '../../../../src/adapters/onnx/wire/wire-reader.js';
import { WireWriter } from '../../../../src/adapters/onnx/wire/wire-writer.js';

const field = fc.integer({ min: 1, max: 536_870_911 });
const written = fc.oneof(
  fc.record({ field, value: fc.maxSafeNat() }),
  fc.record({ field, bytes: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ field, float32: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
);

test('what was written is read again, also out of the middle of other bytes', () => {
  fc.assert(
    fc.property(fc.array(written), fc.nat(9), (fields, before) => {
      const writer = new WireWriter();
      for (const one of fields) {
        if ('value' in one) writer.int(one.field, one.value);
        else if ('bytes' in one) writer.bytes(one.field, one.bytes);
        else writer.float(one.field, one.float32);
      }
      const message = writer.finish();
      const all = new Uint8Array(before + message.length + 3);
      all.set(message, before);
      const read = [...wireFields(all.subarray(before, before + message.length))];
      expect(read).toEqual(fields.map((one) => ({ value: 0, bytes: new Uint8Array(), float32: 0, ...one })));
    }),
  );
});

test('bytes that are no message are refused, and no other way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        for (const { bytes: part } of wireFields(bytes)) expect(part.length).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedFileError);
      }
    }),
    { numRuns: 500 },
  );
  expect(() => [...wireFields(Uint8Array.of(0x08, 0x80))]).toThrow('byte 3 of a message is missing');
  expect(() => [...wireFields(new Uint8Array(12).fill(0x80))]).toThrow('ends a number of more than ten bytes');
});

test('a text is read as UTF-8, whatever its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(decodeShortText(bytes)).toBe(Buffer.from(bytes).toString('utf8'));
    }),
  );
});
