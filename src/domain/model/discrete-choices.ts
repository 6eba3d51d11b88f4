import {
  add,
  constant,
  greater,
  greaterOrEqual,
  max,
  multiply,
  pad,
  sigmoid,
  slice,
  stopGradient,
  subtract,
  sum,
  conv2d,
} from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import type { Mode } from './functional-network.js';
import { softmax } from './sequence-layers.js';

/**
 * Choices of a sequence [batch, channels, 1, columns]. In training they are straight-through (Bengio, Leonard, Courville
 * 2013; for pictures of music Dong and Yang 2018): forward hard, backward as soft as softmax and sigmoid. So what the
 * discriminator sees is as sharp as real tunes are.
 */

/** The largest of the channels as 1, the others as 0; of equal ones the first. */
export function straightThroughArgmax(logits: Node, mode: Mode): Node {
  const largest = greaterOrEqual(logits, max(logits, [1]));
  const earlier = projectChannels(largest, logits.shape[1]!, (to, from) => (from < to ? 1 : 0));
  const first = multiply(largest, greater(0.5, earlier));
  return straightThroughEstimate(first, () => softmax(logits, 1), mode);
}

/** 1 from logit 0 on, 0 below. */
export const straightThroughThreshold = (logit: Node, mode: Mode): Node =>
  straightThroughEstimate(greaterOrEqual(logit, 0), () => sigmoid(logit), mode);

/** Forward `hard`, backward `soft`. */
function straightThroughEstimate(hard: Node, soft: () => Node, mode: Mode): Node {
  if (mode === 'inference') return hard;
  const eased = soft();
  return add(eased, stopGradient(subtract(hard, eased)));
}

/** Moved right by some columns; zeros come in. */
export function delayColumns(x: Node, lag: number): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  return pad(slice(x, [0, 0, 0, 0], [batch, channels, 1, columns - lag]), [0, 0, 0, lag], [0, 0, 0, 0]);
}

/** How much each column agrees with the one `lag` before it, summed over the channels: [batch, 1, 1, columns]. */
export const laggedDotProduct = (x: Node, lag: number): Node => sum(multiply(x, delayColumns(x, lag)), [1]);

/** A fixed product with a matrix, column by column. */
export function projectChannels(x: Node, outputs: number, weight: (to: number, from: number) => number): Node {
  const [, inputs, height, columns] = x.shape as readonly [number, number, number, number];
  const data = Float32Array.from({ length: outputs * inputs }, (_, i) => weight(Math.floor(i / inputs), i % inputs));
  return conv2d(x, constant({ shape: [outputs, inputs, 1, 1], data }), {
    inputSize: [height, columns],
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0, 0, 0],
  });
}
