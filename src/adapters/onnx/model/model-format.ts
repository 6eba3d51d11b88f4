import type { Program } from '../../../domain/tensor/program.js';
import type { Digest } from '../../../ports/digest.js';
import type { ModelFormat } from '../../../ports/model-format.js';
import { lowerProgram, nextStateName } from '../lowering/lowering.js';
import { encodeModelWithChecksum } from './checksum.js';
import { countParameters } from './count-parameters.js';
import { CELLS_OUTPUT, lowerGenerator } from '../lowering/generator-lowering.js';
import { GENERATOR_KEY, PROGRAM_KEY, readGeneratorMetadata } from './generator-metadata.js';
import { writeMetadataText } from './metadata-text.js';
import { importModel } from '../import/import-model.js';
import { withReducedPrecision } from './reduced-precision.js';

/** ONNX files of opset 17, with all that Apollo needs in their metadata and a checksum at the end. */
export const createOnnxModelFormat = ({ digest }: { readonly digest: Digest }): ModelFormat => ({
  async encodeGenerator(program, metadata) {
    const { threshold, precision } = metadata;
    const graph = withReducedPrecision(lowerGenerator(program, threshold), precision?.weights ?? 'fp32');
    return encodeModelWithChecksum(graph, new Map([[GENERATOR_KEY, writeMetadataText(metadata)]]), digest);
  },
  async encodeProgram(program) {
    const metadata = new Map([[PROGRAM_KEY, JSON.stringify(describeProgram(program))]]);
    return encodeModelWithChecksum(lowerProgram(program), metadata, digest);
  },
  readMetadata: (model) => readGeneratorMetadata(model, digest),
  countParameters: countParameters,
  async readGenerator(model) {
    const { architecture, depth } = await readGeneratorMetadata(model, digest);
    const program = importModel(`${architecture} depth ${depth}, generator`, model);
    return { ...program, metrics: program.metrics.filter(({ name }) => name !== CELLS_OUTPUT) };
  },
});

/** Inputs and outputs of a program, for who runs its file elsewhere. */
const describeProgram = (program: Program): object => ({
  version: 1,
  name: program.name,
  feeds: program.feeds.map(({ params }) => ({ name: params.name, shape: params.shape })),
  state: program.state.map((slot) => ({ name: slot.name, shape: slot.current.shape, next: nextStateName(slot.name) })),
  metrics: program.metrics.map(({ name, node }) => ({ name, shape: node.shape })),
});
