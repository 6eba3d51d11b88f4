import type { Node, OpKind } from '../../../../domain/tensor/op.js';
import { blockedRules, type BlockedContext, type Written } from './blocked-rules.js';
import { Blocks } from './blocks.js';
import type { GraphBuilder } from '../graph-builder.js';
import type { LowerNodes, NodeLowering, Uses } from '../lowering.js';
import { lowerings, type Lowering } from '../lowering-rules.js';
import { worthNineProducts, type WorthNineProducts } from './winograd-convolution.js';

/**
 * How operations are written for onnxruntime's cpu provider: convolutions on tensors whose channels lie in blocks, as its
 * optimizer has them itself where weights are constant, which in training they are not. What lies between two convolutions stays in
 * blocks; a value is put into them or taken out where an operation wants it so, once.
 * @param block channels of a block, see `channelBlock`
 * @param worth whether a convolution is worth being written by nine products
 * @param rules how what has no blocks is written, and what is the same with and without
 */
export const inBlocks =
  (block: number, worth: WorthNineProducts = worthNineProducts, rules = lowerings): LowerNodes =>
  (builder, uses) =>
    new BlockedLowering(builder, new Blocks(builder, block), uses, worth, rules);

class BlockedLowering implements NodeLowering, BlockedContext {
  readonly #written = new Map<Node, Written>();

  constructor(
    readonly builder: GraphBuilder,
    readonly blocks: Blocks,
    readonly uses: Uses,
    readonly worth: WorthNineProducts,
    readonly rules: typeof lowerings,
  ) {}

  lower(node: Node): void {
    const blocked = blockedRules[node.op] as (node: Node, context: BlockedContext) => Written | undefined;
    const elsewhere = this.rules[node.op] as Lowering<OpKind>;
    const names = (): readonly string[] => (node.inputs as readonly Node[]).map(this.plain);
    this.#written.set(node, blocked(node, this) ?? { plain: elsewhere(node, names(), this.builder) });
  }

  plain = (node: Node): string => {
    const written = this.#written.get(node)!;
    return 'plain' in written ? written.plain : this.blocks.open(written.closed, node.shape[1]!);
  };

  closed = (node: Node): string => {
    const written = this.#written.get(node)!;
    return 'closed' in written ? written.closed : this.blocks.close(written.plain, node.shape[1]!);
  };

  isClosed = (node: Node): boolean => 'closed' in this.#written.get(node)!;
}
