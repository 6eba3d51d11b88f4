import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from '@jest/globals';
import { onnxModelFormat } from '../../../support/onnx-model-format.js';
import { add, input, multiply, sum } from '../../../../src/domain/tensor/node-builders.js';
import { modelFormatContract } from '../../../contracts/model-format.contract.js';
import { tinyGenerator, tinyMetadata } from '../../../support/model/tiny-generator.js';

modelFormatContract('onnx', () => onnxModelFormat);

describe('onnxModelFormat', () => {
  it('leaves the batch of a generator open', async () => {
    const { graph } = fromBinary(
      ModelProtoSchema,
      await onnxModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata),
    );
    const dims = [graph!.input[0]!, graph!.output[0]!].map(
      ({ type }) => type?.value.case === 'tensorType' && type.value.value.shape!.dim.map((d) => d.value.value),
    );
    expect(dims).toEqual([
      ['batch', 3n],
      ['batch', 1n, 2n, 8n],
    ]);
  });

  it('lists the inputs and outputs of any other program as JSON', async () => {
    const [x, w] = [input('x', [2]), input('w', [2])];
    const program = {
      name: 'step',
      feeds: [x],
      state: [{ name: 'w', current: w, next: add(w, x) }],
      metrics: [{ name: 'loss', node: sum(multiply(w, x)) }],
    };
    const { metadataProps, graph } = fromBinary(ModelProtoSchema, await onnxModelFormat.encodeProgram(program));
    const entry = metadataProps.find(({ key }) => key === 'apollo.program')!;
    expect(JSON.parse(entry.value)).toEqual({
      version: 1,
      name: 'step',
      feeds: [{ name: 'x', shape: [2] }],
      state: [{ name: 'w', shape: [2], next: 'next.w' }],
      metrics: [{ name: 'loss', shape: [1] }],
    });
    expect(graph!.input.map(({ name }) => name)).toEqual(['x', 'w']);
    expect(graph!.output.map(({ name }) => name)).toEqual(['loss', 'next.w']);
  });
});
