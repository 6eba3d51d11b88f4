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

/**
 * Multiplications of a convolution for one tune from which Winograd's method pays. Measured at depths 64, where it does
 * not, 96 and 128, where it does.
 */
const MIN_WINOGRAD_MULTIPLICATIONS = 2.5e8;

/**
 * Opens a large generator in the fastest form for this processor: blocked Winograd convolutions, whose filters are
 * computed once (docs/adr/0017). Undefined where the file's own form is as fast. The file keeps standard dense
 * convolutions, since the filters take 2.25 times the memory of the weights and their order depends on the machine.
 * @param minMultiplications multiplications of a convolution from which Winograd's method pays
 */
export async function openCpuSession(
  model: Uint8Array,
  { architecture, threshold }: ModelMetadata,
  open: OpenOrtSession,
  options: OrtSessionOptions,
  minMultiplications = MIN_WINOGRAD_MULTIPLICATIONS,
): Promise<OrtSession | undefined> {
  const blockSize = await detectBlockSize(open);
  if (blockSize === 1) return undefined;
  const imported = tryImportModel(`${architecture}, for a processor`, model);
  if (imported === undefined) return undefined;
  const probabilities = imported.metrics.filter(({ name }) => name === GENERATOR_TENSORS.roll);
  let usesWinograd = false;
  const criterion: WinogradCriterion = (multiplications) => {
    const pays = multiplications >= minMultiplications;
    usesWinograd ||= pays;
    return pays;
  };
  const program = restoreTransposedConvolutions({ ...imported, metrics: probabilities });
  const graph = lowerGenerator(program, threshold, (rules) => createBlockedLowering(blockSize, criterion, rules));
  return usesWinograd ? openWithFoldedConstants(graph, open, options) : undefined;
}

/** Undefined for a model with operations that Apollo does not write. onnxruntime may run it all the same. */
function tryImportModel(name: string, model: Uint8Array): Program | undefined {
  try {
    return importModel(name, model);
  } catch (cause) {
    if (cause instanceof DamagedFileError) return undefined;
    throw cause;
  }
}
