import { CATALOGUE } from '../../domain/model/catalogue/catalogue.js';
import { countParameters } from '../../domain/model/parameters.js';
import { noiseShape, type Hyperparameters } from '../../domain/model/model-spec.js';
import { rollShape } from '../../domain/roll/roll-format.js';
import { shapeText, type Shape } from '../../domain/tensor/tensor.js';
import { UsageError } from '../../domain/errors.js';
import { describePrecisionLoss } from './measure-precision-loss.js';
import type { ListShippedModels, ShippedModel } from './shipped-models.js';

/** One architecture at one depth. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly depth: number;
  readonly noiseShape: Shape;
  /** [channels, pitches, columns] */
  readonly rollShape: Shape;
  /** Trained numbers in each network. */
  readonly generatorParameters: number;
  readonly discriminatorParameters: number;
  /** Numbers that `apollo train --recipe` sets, with their usual values. */
  readonly recipe: Hyperparameters;
}

export interface ModelList {
  readonly catalogue: readonly CatalogueEntry[];
  readonly shipped: readonly ShippedModel[];
}

/** What can be trained and what has been. Without a depth each architecture has its usual one. */
export type ListModels = (request: { readonly depth: number | undefined }) => Promise<ModelList>;

export const createListModels =
  ({ listShippedModels }: { readonly listShippedModels: ListShippedModels }): ListModels =>
  async ({ depth }) => ({ catalogue: catalogueAt(depth), shipped: await listShippedModels() });

export function describeModels({ catalogue, shipped }: ModelList): string[] {
  const lines = ['To train (apollo train --model NAME --depth D):'];
  for (const entry of catalogue) {
    lines.push(
      `  ${entry.name}  ${entry.summary}`,
      `    at depth ${entry.depth}: noise ${shapeText(entry.noiseShape)}, roll ${shapeText(entry.rollShape)}`,
      `    generator ${grouped(entry.generatorParameters)} parameters, discriminator ${grouped(entry.discriminatorParameters)}`,
      ...recipeLines(entry.recipe),
    );
  }
  lines.push(
    '',
    shipped.length === 0 ? 'No trained model comes with this copy.' : 'Trained (apollo compose --model PATH):',
  );
  for (const { path, metadata } of shipped) {
    const { training } = metadata;
    lines.push(
      `  ${path}`,
      ...(metadata.precision === undefined ? [] : [`    ${describePrecisionLoss(metadata.precision)}`]),
      `    ${metadata.architecture}, depth ${metadata.depth}, ${grouped(training.steps)} steps on ${training.origin}`,
    );
  }
  return lines;
}

function recipeLines(recipe: Hyperparameters): readonly string[] {
  const numbers = Object.entries(recipe).map(([name, value]) => `${name}=${value}`);
  return numbers.length === 0 ? [] : [`    recipe ${numbers.join(', ')}`];
}

function catalogueAt(depth: number | undefined): readonly CatalogueEntry[] {
  const all = [...CATALOGUE.values()];
  const fitting = all.filter((each) => depth === undefined || (depth >= each.depth.min && depth <= each.depth.max));
  if (fitting.length === 0) throw new UsageError(`no model of the catalogue can have depth ${depth}`);
  return fitting.map((architecture) => {
    const spec = architecture.build(depth ?? architecture.depth.default);
    return {
      name: architecture.name,
      summary: architecture.summary,
      depth: spec.depth,
      noiseShape: noiseShape(spec),
      rollShape: rollShape(spec.rollFormat),
      generatorParameters: countParameters(spec.generator),
      discriminatorParameters: countParameters(spec.discriminator),
      recipe: architecture.recipe,
    };
  });
}

/** `1,234,567` */
const grouped = (count: number): string => count.toLocaleString('en-US');
