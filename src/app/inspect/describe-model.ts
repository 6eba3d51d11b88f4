import { describeFormat } from '../../domain/roll/roll-format.js';
import { shapeText } from '../../domain/tensor/tensor.js';
import { formatCount, formatInteger } from '../../domain/text.js';
import { describePrecisionLoss } from '../models/describe.js';
import type { ModelInspection } from './inspection.js';

export function describeModel(model: ModelInspection): string[] {
  const { architecture, depth, parameters, bytes } = model;
  const { origin, rolls, seed, batch, steps, epochs } = model.training;
  return [
    `model ${architecture}, depth ${depth}: ${formatInteger(parameters)} parameters, ${formatInteger(bytes)} bytes`,
    `composes from noise ${shapeText(model.noiseShape)}; a cell sounds from a probability of ${model.threshold}`,
    `rolls: ${describeFormat(model.rollFormat)}`,
    `trained on ${formatInteger(rolls)} rolls of ${origin}: ` +
      `${formatCount(steps, 'step')} of ${batch}, ${formatCount(epochs, 'epoch')}, seed ${seed}`,
    ...(model.precision === undefined ? [] : [describePrecisionLoss(model.precision)]),
    `licence: ${model.licence}`,
  ];
}
