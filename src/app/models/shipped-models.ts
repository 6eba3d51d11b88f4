import { DomainError } from '../../domain/errors.js';
import type { ModelMetadata } from '../../domain/model/model-metadata.js';
import { sizeOf } from '../../domain/tensor/tensor.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { ModelFormat } from '../../ports/model-format.js';

/** Name of the default model in the folder models/. */
export const DEFAULT_MODEL_FILE = 'apollo.onnx';

/** A trained model that comes with Apollo. */
export interface ShippedModel {
  readonly name: string;
  readonly path: string;
  readonly metadata: ModelMetadata;
}

/** The models in models/, ordered by name. */
export type ListShippedModels = () => Promise<readonly ShippedModel[]>;

interface ListShippedModelsPorts {
  readonly files: FileStore;
  readonly modelFormat: ModelFormat;
  readonly modelsFolder: string;
}

export const createListShippedModels =
  ({ files, modelFormat, modelsFolder: folder }: ListShippedModelsPorts): ListShippedModels =>
  async () => {
    if ((await files.kind(folder)) !== 'folder') return [];
    const names = (await files.list(folder)).filter((name) => name.endsWith('.onnx'));
    return Promise.all(
      names.map(async (name) => {
        const path = `${folder}/${name}`;
        return { name, path, metadata: await modelFormat.readMetadata(await files.read(path)) };
      }),
    );
  };

export type ShippedModelCheck =
  { readonly works: true; readonly name: string } | { readonly works: false; readonly reason: string };

/** Checks for `apollo doctor` that the default model loads and generates one tune. */
export type CheckShippedModel = () => Promise<ShippedModelCheck>;

interface CheckShippedModelPorts {
  readonly files: FileStore;
  readonly runtime: GeneratorRuntime;
  /** Path of the default model. */
  readonly defaultModel: string;
}

export const createCheckShippedModel =
  ({ files, runtime, defaultModel }: CheckShippedModelPorts): CheckShippedModel =>
  async () => {
    try {
      const generator = await runtime.load(await files.read(defaultModel), 'cpu');
      const { noiseShape, rollFormat, architecture } = generator.metadata;
      const roll = await generator.generate(new Float32Array(sizeOf(noiseShape)), 1);
      await generator.release();
      const works = roll.length === rollFormat.channels.length * rollFormat.pitches * rollFormat.columns;
      return works
        ? { works, name: architecture }
        : { works, reason: 'the shipped model generates tunes of the wrong size' };
    } catch (error) {
      if (error instanceof DomainError)
        return { works: false, reason: `the shipped model does not work: ${error.message}` };
      throw error;
    }
  };
