import { DamagedFileError } from '../../domain/errors.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import type { FileStore } from '../../ports/file-store.js';
import type { ModelFormat } from '../../ports/model-format.js';
import { describeModel } from './describe-model.js';
import type { InspectPath, ModelInspection } from './inspection.js';

export type InspectModel = InspectPath<ModelInspection>;

export const createInspectModel =
  ({ files, modelFormat }: { readonly files: FileStore; readonly modelFormat: ModelFormat }): InspectModel =>
  async (path) => {
    const bytes = await files.read(path, MODEL_BYTES_LIMIT);
    try {
      const { version: _version, ...facts } = await modelFormat.readMetadata(bytes);
      const parameters = modelFormat.countParameters(bytes);
      const json: ModelInspection = { kind: 'model', path, ...facts, bytes: bytes.length, parameters };
      return { json, lines: describeModel(json) };
    } catch (cause) {
      if (!(cause instanceof DamagedFileError)) throw cause;
      throw new DamagedFileError(`${path} cannot be used as a model: ${cause.message}`, { cause });
    }
  };
