import { GENERATOR } from '../../domain/model/generator-program.js';
import type { ModelMetadata } from '../../domain/model/model-metadata.js';
import { withTransposedAgain } from '../../domain/tensor/transposed-again.js';
import { inBlocks } from './blocked-lowering.js';
import { channelBlock } from './channel-block.js';
import { countWeights } from './count-weights.js';
import { lowerGenerator } from './generator-lowering.js';
import type { OpenOrtSession, OrtSession, OrtSessionOptions } from './ort-session.js';
import { openPrepared } from './prepared-constants.js';
import { raiseModel } from './raising.js';
import type { WorthNineProducts } from './winograd-convolution.js';

/** What makes a generator large. */
export interface Large {
  /** Of all its layers. With fewer it is not looked through. */
  readonly weights: number;
  /** Of one convolution for one tune, from which on nine products for sixteen pay. */
  readonly multiplications: number;
}

/** Measured at depths 64, where it does not pay, 96 and 128. */
const LARGE: Large = { weights: 4e6, multiplications: 2.5e8 };

/**
 * A large generator as this machine's processor runs it fastest: its convolutions by nine products where sixteen stand, all in blocks,
 * with filters made of the weights once. Undefined where it is best as its file has it. Files have dense convolutions of standard
 * operations, which any runtime has: these filters take 2.25 times the weights' room, in an order that is the machine's.
 */
export async function openForProcessor(
  model: Uint8Array,
  { architecture, threshold }: ModelMetadata,
  open: OpenOrtSession,
  options: OrtSessionOptions,
  large = LARGE,
): Promise<OrtSession | undefined> {
  if (countWeights(model) < large.weights) return undefined;
  const block = await channelBlock(open);
  if (block === 1) return undefined;
  const raised = raiseModel(`${architecture}, for a processor`, model);
  const certainties = raised.metrics.filter(({ name }) => name === GENERATOR.roll);
  let paid = false;
  const worth: WorthNineProducts = (multiplications) => {
    const pays = multiplications >= large.multiplications;
    paid ||= pays;
    return pays;
  };
  const program = withTransposedAgain({ ...raised, metrics: certainties });
  const graph = lowerGenerator(program, threshold, (rules) => inBlocks(block, worth, rules));
  return paid ? openPrepared(graph, open, options) : undefined;
}
