import { createBlockedLowering } from '../lowering/cpu/blocked-lowering.js';
import { BLOCKED_DOMAIN } from '../lowering/cpu/blocked-ops.js';
import { GraphBuilder } from '../lowering/graph-builder.js';
import { createRuleLowering, type CreateNodeLowering } from '../lowering/lowering.js';
import { loweringRules } from '../lowering/lowering-rules.js';
import { encodeModel } from '../model/model-file.js';
import { openOrtSession, type OpenOrtSession } from './ort-session.js';

const PROBE_CHANNELS = 64;
const PROBE_POSITIONS = 2;

/**
 * Channels that onnxruntime's blocked convolutions keep side by side on this machine: 8 or 16 by the width of the processor's
 * vectors. 1 where it has no such convolutions. It does not say, so it is asked to reorder numbers that tell where they were.
 */
export async function detectBlockSize(open: OpenOrtSession = openOrtSession): Promise<number> {
  const builder = new GraphBuilder('channel block');
  const shape = [1, PROBE_CHANNELS, 1, PROBE_POSITIONS];
  builder.input('x', shape);
  builder.output('y', shape, builder.add('ReorderInput', ['x'], {}, BLOCKED_DOMAIN));
  const session = await open(encodeModel(builder.finish(), { domains: { [BLOCKED_DOMAIN]: 1 } }), {
    device: 'cpu',
    threads: 1,
  }).catch(() => undefined);
  if (session === undefined) return 1;
  try {
    const data = Float32Array.from({ length: PROBE_CHANNELS * PROBE_POSITIONS }, (_, i) => i);
    const reordered = (await session.run(new Map([['x', { shape, data }]]))).get('y')!.data;
    // The block is over where place 1 of channel 0 follows.
    const block = reordered.indexOf(1);
    return block > 1 && PROBE_CHANNELS % block === 0 && reordered[block - 1] === (block - 1) * PROBE_POSITIONS
      ? block
      : 1;
  } catch {
    return 1;
  } finally {
    await session.release();
  }
}

let cachedBlockSize: Promise<number> | undefined;

/** How operations are written for the cpu of this machine. */
export async function cpuLowering(): Promise<CreateNodeLowering> {
  cachedBlockSize ??= detectBlockSize();
  const block = await cachedBlockSize;
  return block === 1 ? createRuleLowering(loweringRules) : createBlockedLowering(block);
}
