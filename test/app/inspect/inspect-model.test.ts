import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeModel } from '../../../src/app/inspect/describe-model.js';
import { createInspectModel } from '../../../src/app/inspect/inspect-model.js';
import { DamagedFileError } from '../../../src/domain/errors.js';
import { jsonModelFormat } from '../../support/fakes/json-model-format.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { tinyGenerator, tinyMetadata, TINY_PARAMETERS } from '../../support/model/tiny-generator.js';

describe('inspecting a model', () => {
  const files = createMemoryFileStore();
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata);
    files.files.set('tiny.onnx', bytes);
    files.files.set('junk.onnx', bytes.slice(0, 100));
  });
  const inspect = createInspectModel({ files, modelFormat: jsonModelFormat });

  it('gives its metadata, size and number of parameters', async () => {
    const { json: model } = await inspect('tiny.onnx');
    const { version: _version, ...facts } = tinyMetadata;
    expect(model).toEqual({
      kind: 'model',
      path: 'tiny.onnx',
      ...facts,
      bytes: bytes.length,
      parameters: TINY_PARAMETERS,
    });
    expect(describeModel({ ...model, parameters: 1_234_567 })[0]).toMatch(/^model tiny, depth 3: 1,234,567 parameters/);
    expect(describeModel(model).join('\n')).toContain('trained on 7 rolls of nöthing: 5 steps of 16, 2 epochs');
  });

  it('names a file that is not a model', async () => {
    await expect(inspect('junk.onnx')).rejects.toThrow(DamagedFileError);
    await expect(inspect('junk.onnx')).rejects.toThrow('junk.onnx');
  });
});
