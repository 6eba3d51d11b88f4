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
 * How many channels a block of onnxruntime's blocked layout (NCHWc) has on this machine: 8 or 16, depending on the
 * width of the processor's vectors; 1 where there are no blocked convolutions. No API tells it, so this reorders a
 * tensor of indices.
 */
export async function detectBlockSize(open: OpenOrtSession = openOrtSession): Promise<number> {
  const builder = new GraphBuilder('block size');
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
    // The first block ends where position 1 of channel 0 follows.
    const blockSize = reordered.indexOf(1);
    const isConsistent =
      blockSize > 1 &&
      PROBE_CHANNELS % blockSize === 0 &&
      reordered[blockSize - 1] === (blockSize - 1) * PROBE_POSITIONS;
    return isConsistent ? blockSize : 1;
  } catch {
    return 1;
  } finally {
    await session.release();
  }
}

let cachedBlockSize: Promise<number> | undefined;

/** The lowering for this machine's processor. */
export async function cpuLowering(): Promise<CreateNodeLowering> {
  cachedBlockSize ??= detectBlockSize();
  const blockSize = await cachedBlockSize;
  return blockSize === 1 ? createRuleLowering(loweringRules) : createBlockedLowering(blockSize);
}
