import type { Node, OpKind } from '../../../../domain/tensor/op.js';
import { blockedRules, type BlockedContext, type LoweredValue } from './blocked-rules.js';
import { BlockedOps } from './blocked-ops.js';
import type { GraphBuilder } from '../graph-builder.js';
import type { CreateNodeLowering, NodeLowering, UseCount } from '../lowering.js';
import { loweringRules, type LoweringRule } from '../lowering-rules.js';
import { defaultWinogradCriterion, type WinogradCriterion } from './winograd-convolution.js';

/**
 * Creates the lowering for onnxruntime's cpu provider. Convolutions and the operations between them use the blocked
 * layout (NCHWc), which onnxruntime's optimizer introduces only for constant weights. A value is converted between
 * layouts where an operation needs the other one, once.
 * @param blockSize channels of a block, see `detectBlockSize`
 * @param winogradCriterion whether Winograd's method pays for a convolution
 * @param defaultRules rules for operations on plain tensors, and for those that do not depend on the layout
 */
export const createBlockedLowering =
  (
    blockSize: number,
    winogradCriterion: WinogradCriterion = defaultWinogradCriterion,
    defaultRules = loweringRules,
  ): CreateNodeLowering =>
  (builder, useCount) =>
    new BlockedLowering(builder, new BlockedOps(builder, blockSize), useCount, winogradCriterion, defaultRules);

class BlockedLowering implements NodeLowering, BlockedContext {
  readonly #lowered = new Map<Node, LoweredValue>();

  constructor(
    readonly builder: GraphBuilder,
    readonly ops: BlockedOps,
    readonly useCount: UseCount,
    readonly winogradCriterion: WinogradCriterion,
    readonly defaultRules: typeof loweringRules,
  ) {}

  lower(node: Node): void {
    const blockedRule = blockedRules[node.op] as (node: Node, context: BlockedContext) => LoweredValue | undefined;
    const defaultRule = this.defaultRules[node.op] as LoweringRule<OpKind>;
    const names = (): readonly string[] => (node.inputs as readonly Node[]).map(this.plainName);
    this.#lowered.set(node, blockedRule(node, this) ?? { plain: defaultRule(node, names(), this.builder) });
  }

  plainName = (node: Node): string => {
    const value = this.#lowered.get(node)!;
    return 'plain' in value ? value.plain : this.ops.toPlain(value.blocked, node.shape[1]!);
  };

  blockedName = (node: Node): string => {
    const value = this.#lowered.get(node)!;
    return 'blocked' in value ? value.blocked : this.ops.toBlocked(value.plain, node.shape[1]!);
  };

  isBlocked = (node: Node): boolean => 'blocked' in this.#lowered.get(node)!;
}
