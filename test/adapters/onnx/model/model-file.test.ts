import { describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sha256 } from '../../../../src/adapters/node-platform/sha256.js';
import { encodeModelWithChecksum } from '../../../../src/adapters/onnx/model/checksum.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import {
  floatAttribute,
  floatTensor,
  intAttribute,
  int64Tensor,
  intsAttribute,
  stringAttribute,
  type OnnxGraph,
} from '../../../../src/adapters/onnx/wire/onnx-graph.js';

/** y = softmax(x * transpose([[1, 2], [3, 4]]) + 0.5), any number of rows. */
const graph: OnnxGraph = {
  name: 'small',
  nodes: [
    {
      op: 'Gemm',
      name: 'product',
      inputs: ['x', 'w', 'half'],
      outputs: ['p'],
      attributes: { alpha: floatAttribute(1), transB: intAttribute(1) },
    },
    { op: 'Softmax', inputs: ['p'], outputs: ['y'], attributes: { axis: intAttribute(-1) } },
  ],
  initializers: [floatTensor('w', [2, 2], Float32Array.of(1, 2, 3, 4)), floatTensor('half', [1], Float32Array.of(0.5))],
  inputs: [{ name: 'x', type: 'float32', dims: ['batch', 2] }],
  outputs: [{ name: 'y', type: 'float32', dims: ['batch', 2] }],
};

describe('encodeModel', () => {
  it('writes a model that onnxruntime runs', async () => {
    const session = await InferenceSession.create(await encodeModelWithChecksum(graph, new Map(), sha256));
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 0, 0, -1, 0.5, 1), [3, 2]) });
    const second = 1 / (1 + Math.exp(-2)); // the second logit is larger by 2 (x0 + x1): 2, -2 and 3
    expect(y!.dims).toEqual([3, 2]);
    expect(y!.data[0]).toBeCloseTo(1 - second, 5);
    expect(y!.data[2]).toBeCloseTo(second, 5);
    expect(y!.data[5]).toBeCloseTo(1 / (1 + Math.exp(-3)), 5);
    await session.release();
  });

  it('writes every kind of field so that the schema reads it back', () => {
    const scalar = floatTensor('t', [], Float32Array.of(-2.5));
    const bytes = encodeModel(
      {
        name: 'all',
        nodes: [
          {
            op: 'Odd',
            domain: 'com.microsoft',
            inputs: ['a', '', 'b'],
            outputs: ['c'],
            attributes: {
              f: floatAttribute(0.25),
              i: intAttribute(-3),
              s: stringAttribute('voilà'),
              t: { kind: 'tensor', value: scalar },
              g: { kind: 'graph', value: graph },
              fs: { kind: 'floats', value: [1, 0.5] },
              is: intsAttribute([300, -1, 0]),
              ss: { kind: 'strings', value: ['x', ''] },
            },
          },
        ],
        initializers: [
          int64Tensor('shape', [-1, 2 ** 40]),
          { name: 'yes', type: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
        ],
        inputs: [],
        outputs: [{ name: 'c', type: 'int64', dims: ['n', 4] }],
      },
      { metadata: new Map([['who', 'me']]), domains: { 'com.microsoft': 1 } },
    );
    const model = fromBinary(ModelProtoSchema, bytes);
    expect([model.irVersion, model.producerName]).toEqual([8n, 'apollo']);
    expect(model.opsetImport.map((o) => [o.domain, o.version])).toEqual([
      ['', 17n],
      ['com.microsoft', 1n],
    ]);
    expect(model.metadataProps.map((m) => [m.key, m.value])).toEqual([['who', 'me']]);
    const node = model.graph!.node[0]!;
    expect([node.opType, node.domain, node.input, node.output]).toEqual([
      'Odd',
      'com.microsoft',
      ['a', '', 'b'],
      ['c'],
    ]);
    const [f, i, s, t, g, fs, is, ss] = node.attribute;
    expect([f!.f, i!.i, new TextDecoder().decode(s!.s), t!.t!.dims]).toEqual([0.25, -3n, 'voilà', []]);
    expect([...t!.t!.rawData]).toEqual([0, 0, 0x20, 0xc0]); // -2.5, IEEE 754, lowest byte first
    expect([g!.g!.node.length, fs!.floats, is!.ints, ss!.strings.length]).toEqual([2, [1, 0.5], [300n, -1n, 0n], 2]);
    expect(node.attribute.map((a) => a.type)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const [shape, yes] = model.graph!.initializer;
    expect([shape!.dims, shape!.dataType, shape!.rawData.length]).toEqual([[2n], 7, 16]);
    expect([yes!.dataType, [...yes!.rawData]]).toEqual([9, [1, 0]]);
    const type = model.graph!.output[0]!.type!.value;
    expect(type.case === 'tensorType' && type.value.shape!.dim.map((d) => d.value.value)).toEqual(['n', 4n]);
  });

  it('gives back every whole number', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 5 }), (values) => {
        const nodes = [{ op: 'N', inputs: [], outputs: [], attributes: { v: intsAttribute(values) } }];
        const model = fromBinary(ModelProtoSchema, encodeModel({ ...graph, nodes }));
        expect(model.graph!.node[0]!.attribute[0]!.ints).toEqual(values.map(BigInt));
      }),
    );
  });

  it('gives equal bytes for equal graphs', () => {
    expect(encodeModel(structuredClone(graph))).toEqual(encodeModel(graph));
  });
});
