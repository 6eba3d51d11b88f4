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
 * Discrete choices of sequences [batch, channels, 1, columns] by straight-through estimators (Bengio, Leonard,
 * Courville 2013; for piano rolls Dong and Yang 2018). The forward pass is discrete, as real tunes are; in training the
 * backward pass differentiates a softmax or a sigmoid instead.
 */

/** One-hot argmax over the channels; the first of equal maxima. */
export function straightThroughArgmax(logits: Node, mode: Mode): Node {
  const isMaximum = greaterOrEqual(logits, max(logits, [1]));
  const earlierMaxima = projectChannels(isMaximum, logits.shape[1]!, (to, from) => (from < to ? 1 : 0));
  const oneHot = multiply(isMaximum, greater(0.5, earlierMaxima));
  return straightThroughEstimate(oneHot, () => softmax(logits, 1), mode);
}

/** 1 where the logit is 0 or more, else 0. */
export const straightThroughThreshold = (logit: Node, mode: Mode): Node =>
  straightThroughEstimate(greaterOrEqual(logit, 0), () => sigmoid(logit), mode);

/** The value of `hard` in the forward pass, the gradient of `buildSoft()` in the backward pass. */
function straightThroughEstimate(hard: Node, buildSoft: () => Node, mode: Mode): Node {
  if (mode === 'inference') return hard;
  const soft = buildSoft();
  return add(soft, stopGradient(subtract(hard, soft)));
}

/** Delays a sequence by `lag` columns; the first `lag` columns become 0. */
export function delayColumns(x: Node, lag: number): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  return pad(slice(x, [0, 0, 0, 0], [batch, channels, 1, columns - lag]), [0, 0, 0, lag], [0, 0, 0, 0]);
}

/** The dot product of each column with the one `lag` columns before it: [batch, 1, 1, columns]. */
export const laggedDotProduct = (x: Node, lag: number): Node => sum(multiply(x, delayColumns(x, lag)), [1]);

/** Multiplies the channels of each column by a constant matrix: a 1x1 convolution without trained weights. */
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
