import type { Node, OpKind } from '../../../../domain/tensor/op.js';
import { blockedRules, type BlockedContext, type LoweredValue } from './blocked-rules.js';
import { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import type { CreateNodeLowering, NodeLowering, UseCount } from '../lowering.js';
import { loweringRules, type LoweringRule } from '../lowering-rules.js';
import { defaultWinogradCriterion, type WinogradCriterion } from './winograd-convolution.js';

/**
 * How operations are written for onnxruntime's cpu provider: convolutions on tensors whose channels lie in blocks, as its
 * optimizer has them itself where weights are constant, which in training they are not. What lies between two convolutions stays in
 * blocks; a value is put into them or taken out where an operation wants it so, once.
 * @param block channels of a block, see `detectBlockSize`
 * @param worth whether a convolution is worth being written by nine products
 * @param rules how what has no blocks is written, and what is the same with and without
 */
export const createBlockedLowering =
  (block: number, worth: WinogradCriterion = defaultWinogradCriterion, rules = loweringRules): CreateNodeLowering =>
  (builder, uses) =>
    new BlockedLowering(builder, new BlockedOps(builder, block), uses, worth, rules);

class BlockedLowering implements NodeLowering, BlockedContext {
  readonly #written = new Map<Node, LoweredValue>();

  constructor(
    readonly builder: GraphBuilder,
    readonly blocks: BlockedOps,
    readonly useCount: UseCount,
    readonly winogradCriterion: WinogradCriterion,
    readonly defaultRules: typeof loweringRules,
  ) {}

  lower(node: Node): void {
    const blocked = blockedRules[node.op] as (node: Node, context: BlockedContext) => LoweredValue | undefined;
    const elsewhere = this.defaultRules[node.op] as LoweringRule<OpKind>;
    const names = (): readonly string[] => (node.inputs as readonly Node[]).map(this.plainName);
    this.#written.set(node, blocked(node, this) ?? { plain: elsewhere(node, names(), this.builder) });
  }

  plainName = (node: Node): string => {
    const written = this.#written.get(node)!;
    return 'plain' in written ? written.plain : this.blocks.toPlain(written.blocked, node.shape[1]!);
  };

  blockedName = (node: Node): string => {
    const written = this.#written.get(node)!;
    return 'blocked' in written ? written.blocked : this.blocks.toBlocked(written.plain, node.shape[1]!);
  };

  isBlocked = (node: Node): boolean => 'blocked' in this.#written.get(node)!;
}
