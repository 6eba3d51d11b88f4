import { DamagedFileError } from '../../../domain/errors.js';
import { GENERATOR_TENSORS } from '../../../domain/model/generator-program.js';
import type { ModelMetadata } from '../../../domain/model/model-metadata.js';
import type { Program } from '../../../domain/tensor/program.js';
import { restoreTransposedConvolutions } from '../../../domain/tensor/rewrites/restore-transposed-convolutions.js';
import { createBlockedLowering } from '../lowering/cpu/blocked-lowering.js';
import { detectBlockSize } from './block-size.js';
import { lowerGenerator } from '../lowering/generator-lowering.js';
import type { OpenOrtSession, OrtSession, OrtSessionOptions } from './ort-session.js';
import { openWithFoldedConstants } from './constant-folding.js';
import { importModel } from '../import/import-model.js';
import type { WinogradCriterion } from '../lowering/cpu/winograd-convolution.js';

/** Multiplications of one convolution for one tune, from which on nine products for sixteen pay: measured at depths 64, where they do not, 96 and 128. */
const MIN_WINOGRAD_MULTIPLICATIONS = 2.5e8;

/**
 * A large generator as this machine's processor runs it fastest: its convolutions by nine products where sixteen stand, all in blocks,
 * with filters made of the weights once. Undefined where it is best as its file has it. Files have dense convolutions of standard
 * operations, which any runtime has: these filters take 2.25 times the weights' room, in an order that is the machine's.
 * @param least multiplications of a convolution that is worth it
 */
export async function openCpuSession(
  model: Uint8Array,
  { architecture, threshold }: ModelMetadata,
  open: OpenOrtSession,
  options: OrtSessionOptions,
  least = MIN_WINOGRAD_MULTIPLICATIONS,
): Promise<OrtSession | undefined> {
  const block = await detectBlockSize(open);
  if (block === 1) return undefined;
  const raised = tryImportModel(`${architecture}, for a processor`, model);
  if (raised === undefined) return undefined;
  const certainties = raised.metrics.filter(({ name }) => name === GENERATOR_TENSORS.roll);
  let paid = false;
  const worth: WinogradCriterion = (multiplications) => {
    const pays = multiplications >= least;
    paid ||= pays;
    return pays;
  };
  const program = restoreTransposedConvolutions({ ...raised, metrics: certainties });
  const graph = lowerGenerator(program, threshold, (rules) => createBlockedLowering(block, worth, rules));
  return paid ? openWithFoldedConstants(graph, open, options) : undefined;
}

/** Undefined for operations that Apollo does not write: onnxruntime may know them. */
function tryImportModel(name: string, model: Uint8Array): Program | undefined {
  try {
    return importModel(name, model);
  } catch (cause) {
    if (cause instanceof DamagedFileError) return undefined;
    throw cause;
  }
}
