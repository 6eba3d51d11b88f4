import { CATALOGUE } from '../../domain/model/catalogue/catalogue.js';
import { countParameters } from '../../domain/model/parameters.js';
import { noiseShape, type Hyperparameters } from '../../domain/model/model-spec.js';
import { rollShape } from '../../domain/roll/roll-format.js';
import type { Shape } from '../../domain/tensor/tensor.js';
import { UsageError } from '../../domain/errors.js';
import type { ListShippedModels, ShippedModel } from './shipped-models.js';

/** One architecture at one depth. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly depth: number;
  readonly noiseShape: Shape;
  /** [channels, pitches, columns] */
  readonly rollShape: Shape;
  /** Number of trainable parameters. */
  readonly generatorParameters: number;
  readonly discriminatorParameters: number;
  /** Hyperparameters that `apollo train --recipe` sets, with their defaults. */
  readonly recipe: Hyperparameters;
}

export interface ModelList {
  readonly catalogue: readonly CatalogueEntry[];
  readonly shipped: readonly ShippedModel[];
}

/** Lists the architectures and the trained models. Without a depth each architecture has its default one. */
export type ListModels = (request: { readonly depth: number | undefined }) => Promise<ModelList>;

export const createListModels =
  ({ listShippedModels }: { readonly listShippedModels: ListShippedModels }): ListModels =>
  async ({ depth }) => ({ catalogue: catalogueEntries(depth), shipped: await listShippedModels() });

/** @throws UsageError when no architecture can have the depth */
function catalogueEntries(depth: number | undefined): readonly CatalogueEntry[] {
  const fitting = [...CATALOGUE.values()].filter(
    ({ depth: range }) => depth === undefined || (depth >= range.min && depth <= range.max),
  );
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
