import type { PrecisionLoss } from '../../domain/model/precision.js';
import { shapeText } from '../../domain/tensor/tensor.js';
import { formatInteger } from '../../domain/text.js';
import type { CatalogueEntry, ModelList } from './models.js';
import type { ShippedModel } from './shipped-models.js';

/** The architectures with their shapes and sizes, then the trained models. */
export function describeModels({ catalogue, shipped }: ModelList): string[] {
  return [
    'To train (apollo train --model NAME --depth D):',
    ...catalogue.flatMap(describeCatalogueEntry),
    '',
    shipped.length === 0 ? 'No trained model comes with this copy.' : 'Trained (apollo compose --model PATH):',
    ...shipped.flatMap(describeShippedModel),
  ];
}

function describeCatalogueEntry(entry: CatalogueEntry): readonly string[] {
  const { name, summary, depth, noiseShape, rollShape, generatorParameters, discriminatorParameters } = entry;
  const recipe = Object.entries(entry.recipe).map(([parameter, value]) => `${parameter}=${value}`);
  return [
    `  ${name}  ${summary}`,
    `    at depth ${depth}: noise ${shapeText(noiseShape)}, roll ${shapeText(rollShape)}`,
    `    generator ${formatInteger(generatorParameters)} parameters, ` +
      `discriminator ${formatInteger(discriminatorParameters)}`,
    ...(recipe.length === 0 ? [] : [`    recipe ${recipe.join(', ')}`]),
  ];
}

function describeShippedModel({ path, metadata }: ShippedModel): readonly string[] {
  const { architecture, depth, precision, training } = metadata;
  return [
    `  ${path}`,
    ...(precision === undefined ? [] : [`    ${describePrecisionLoss(precision)}`]),
    `    ${architecture}, depth ${depth}, ${formatInteger(training.steps)} steps on ${training.origin}`,
  ];
}

/** `weights in int8: compared with float32, 12 of 1,048,576 cells of 64 tunes change (0.0011 %; ...), ...` */
export function describePrecisionLoss(loss: PrecisionLoss): string {
  const { weights, tunes, cells, sounding, changed, mostInATune, largestError } = loss;
  return (
    `weights in ${weights}: compared with float32, ${formatInteger(changed)} of ${formatInteger(cells)} cells ` +
    `of ${tunes} tunes change (${twoDigits((100 * changed) / cells)} %; ${formatInteger(sounding)} sound), ` +
    `${twoDigits(changed / tunes)} per tune, ${formatInteger(mostInATune)} in the worst; ` +
    `probabilities change by ${twoDigits(largestError)} at most`
  );
}

/** Rounds to two significant digits. */
const twoDigits = (x: number): number => Number(x.toPrecision(2));
