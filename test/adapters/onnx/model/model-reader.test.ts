import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { readMetadataText, writeMetadataText } from '../../../../src/adapters/onnx/model/metadata-text.js';
import { sha256 } from '../../../../src/adapters/node-platform/sha256.js';
import { verifyChecksum, encodeModelWithChecksum } from '../../../../src/adapters/onnx/model/checksum.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { readModelMetadata } from '../../../../src/adapters/onnx/model/model-reader.js';
import { floatTensor, type OnnxGraph } from '../../../../src/adapters/onnx/wire/onnx-graph.js';
import { wireFields } from '../../../../src/adapters/onnx/wire/wire-reader.js';
import { WireWriter } from '../../../../src/adapters/onnx/wire/wire-writer.js';
import { DamagedFileError } from '../../../../src/domain/errors.js';
import { tinyMetadata } from '../../../support/model/tiny-generator.js';
import { startStopwatch } from '../../../support/stopwatch.js';

const empty: OnnxGraph = { name: 'empty', nodes: [], initializers: [], inputs: [], outputs: [] };

/** A model whose graph is written by hand. */
function encodeByHand(graph: (w: WireWriter) => void, more: (w: WireWriter) => void = () => undefined): Uint8Array {
  const writer = new WireWriter();
  writer.int(1, 8);
  writer.message(7, graph);
  more(writer);
  return writer.finish();
}

describe('readModelMetadata', () => {
  it('gives every entry', () => {
    const metadata = new Map([['a', '1'], ['ü', ''], ['b', '{"c": "é"}']]); // prettier-ignore
    expect(readModelMetadata(encodeModel(empty, { metadata }))).toEqual(metadata);
  });

  it.each([
    ['no graph', () => encodeModel(empty).slice(0, 2), /0 graphs/],
    [
      'two graphs',
      () =>
        encodeByHand(
          () => undefined,
          (w) => w.message(7, () => undefined),
        ),
      /2 graphs/,
    ],
    ['weights in another file', () => encodeByHand((w) => w.message(5, (t) => t.int(14, 1))), /another file/],
    [
      'the place of weights in another file',
      () => encodeByHand((w) => w.message(5, (t) => t.message(13, (e) => e.string(1, 'location')))),
      /another file/,
    ],
    [
      'a constant in another file',
      () => encodeByHand((w) => w.message(1, (n) => n.message(5, (a) => a.message(5, (t) => t.int(14, 1))))),
      /another file/,
    ],
    ['sparse weights', () => encodeByHand((w) => w.message(15, () => undefined)), /sparse/],
    [
      'functions',
      () =>
        encodeByHand(
          () => undefined,
          (w) => w.message(25, () => undefined),
        ),
      /functions/,
    ],
    ['graphs in graphs in graphs', () => encodeByHand(nested(50)), /deep/],
    [
      'a key twice',
      () =>
        encodeByHand(
          () => undefined,
          (w) => [1, 2].forEach(() => w.message(14, (e) => e.string(1, 'k'))),
        ),
      /twice/,
    ],
    [
      'metadata without end',
      () =>
        encodeByHand(
          () => undefined,
          (w) => w.message(14, (e) => e.bytes(2, new Uint8Array(2 ** 21))),
        ),
      /metadata/,
    ],
    ['a length past the end', () => Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f), /bytes/],
    ['a number without end', () => new Uint8Array(64).fill(0xff), /ten bytes/],
    ['nothing', () => new Uint8Array(), /empty/],
  ])('refuses %s', (_what, make, reason) => {
    expect(() => readModelMetadata(make())).toThrow(DamagedFileError);
    expect(() => readModelMetadata(make())).toThrow(reason);
  });

  it('takes no time for large weights', () => {
    const weights = floatTensor('w', [2 ** 22], new Float32Array(2 ** 22));
    const bytes = encodeModel({ ...empty, initializers: [weights] });
    const spent = startStopwatch();
    readModelMetadata(bytes);
    expect(spent()).toBeLessThan(50);
  });
});

function nested(depth: number): (graph: WireWriter) => void {
  if (depth === 0) return () => undefined;
  return (graph) => graph.message(1, (node) => node.message(5, (attribute) => attribute.message(6, nested(depth - 1))));
}

describe('verifyChecksum', () => {
  it('accepts a file with its checksum, and no other', async () => {
    const whole = await encodeModelWithChecksum(empty, new Map(), sha256);
    await verifyChecksum(whole, sha256);
    for (const bytes of [encodeModel(empty), whole.slice(1), new Uint8Array()]) {
      await expect(verifyChecksum(bytes, sha256)).rejects.toThrow(DamagedFileError);
    }
  });
});

describe('wireFields', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 29 - 1 }), fc.oneof(fc.maxSafeNat(), fc.uint8Array()))),
        (fields) => {
          const writer = new WireWriter();
          for (const [field, value] of fields) {
            if (typeof value === 'number') writer.int(field, value);
            else writer.bytes(field, value);
          }
          const read = [...wireFields(writer.finish())].map(({ field, value, bytes }) => [field, value, [...bytes]]);
          expect(read).toEqual(
            fields.map(([field, value]) => (typeof value === 'number' ? [field, value, []] : [field, 0, [...value]])),
          );
        },
      ),
    );
  });

  it('ends with DamagedFileError or not at all for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          for (const { bytes: part } of wireFields(bytes)) expect(part.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedFileError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const LOSS = { weights: 'int8', tunes: 1, cells: 16, sounding: 5, changed: 2, mostInATune: 2, largestError: 0.1 };

describe('readMetadataText', () => {
  const json = JSON.parse(writeMetadataText(tinyMetadata)) as Record<string, unknown>;

  it.each([
    ['version', 2, /version 2/],
    ['version', undefined, /version/],
    ['architecture', 7, /architecture/],
    ['architecture', 'x'.repeat(2000), /architecture/],
    ['depth', 0, /depth/],
    ['depth', 1.5, /depth/],
    ['noiseShape', [], /noiseShape/],
    ['noiseShape', [2 ** 20, 2 ** 20], /noiseShape/],
    ['noiseShape', [-1], /noiseShape/],
    ['threshold', 1.01, /threshold/],
    ['threshold', null, /threshold/],
    ['training', [], /training/],
    ['training', { ...tinyMetadata.training, steps: -1 }, /steps/],
    ['rollFormat', 'all', /rollFormat/],
    ['rollFormat', { ...tinyMetadata.rollFormat, columns: 12 }, /multiple of 8/],
    ['rollFormat', { ...tinyMetadata.rollFormat, lowestPitch: 127 }, /pitches/],
    ['rollFormat', { ...tinyMetadata.rollFormat, channels: [{ voice: 'all', kind: 'loud' }] }, /kind/],
    ['rollFormat', { ...tinyMetadata.rollFormat, pitches: 68, columns: 65_536, channels: channels(64) }, /cells/],
    ['licence', {}, /licence/],
    ['precision', 'int8', /precision/],
    ['precision', { ...LOSS, weights: 'fp32' }, /"fp16" or "int8" as precision.weights/],
    ['precision', { ...LOSS, changed: -1 }, /changed/],
    ['precision', { ...LOSS, sounding: 0.5 }, /sounding/],
    ['precision', { ...LOSS, largestError: null }, /largestError/],
  ])('refuses %s %j', (key, value, reason) => {
    const text = JSON.stringify({ ...json, [key]: value });
    expect(() => readMetadataText(text)).toThrow(DamagedFileError);
    expect(() => readMetadataText(text)).toThrow(reason);
  });

  it('refuses what is not JSON, or no object', () => {
    for (const text of ['', '{', 'null', '[]', '"x"']) expect(() => readMetadataText(text)).toThrow(DamagedFileError);
  });

  it('passes over what later versions may add', () => {
    expect(readMetadataText(JSON.stringify({ ...json, mood: 'merry' }))).toEqual(tinyMetadata);
  });
});

function channels(count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({ voice: `voice ${i}`, kind: 'sustain' }));
}
