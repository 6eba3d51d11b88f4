import { DamagedFileError } from '../../domain/errors.js';
import { MODEL_BYTES_LIMIT, type ModelMetadata } from '../../domain/model/model-metadata.js';
import { describeFormat } from '../../domain/roll/roll-format.js';
import { formatCount, formatInteger } from '../../domain/text.js';
import { shapeText } from '../../domain/tensor/tensor.js';
import type { InspectPath } from './inspection.js';
import type { FileStore } from '../../ports/file-store.js';
import { describePrecisionLoss } from '../models/measure-precision-loss.js';
import type { ModelFormat } from '../../ports/model-format.js';

/** What a model file says of itself. */
export interface ModelInspection extends Omit<ModelMetadata, 'version'> {
  readonly kind: 'model';
  readonly path: string;
  readonly bytes: number;
  /** Numbers in its network. */
  readonly parameters: number;
}

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

export function describeModel(model: ModelInspection): string[] {
  const { origin, rolls, seed, batch, steps, epochs } = model.training;
  return [
    `model ${model.architecture}, depth ${model.depth}: ${formatInteger(model.parameters)} parameters, ${formatInteger(model.bytes)} bytes`,
    `composes from noise ${shapeText(model.noiseShape)}; a cell sounds from a certainty of ${model.threshold}`,
    `rolls: ${describeFormat(model.rollFormat)}`,
    `trained on ${formatInteger(rolls)} rolls of ${origin}: ${formatCount(steps, 'step')} of ${batch}, ${formatCount(epochs, 'epoch')}, seed ${seed}`,
    ...(model.precision === undefined ? [] : [describePrecisionLoss(model.precision)]),
    `licence: ${model.licence}`,
  ];
}

/** 1,234,567 */
