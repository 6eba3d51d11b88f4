import { add, concat, constant, matmul, multiply, reshape, subtract } from '../../tensor/node-builders.js';
import type { Node } from '../../tensor/op.js';
import type { RollFormat } from '../../roll/roll-format.js';
import {
  asColumn,
  sliceChannels,
  convolve,
  dense,
  upsample,
  downsample,
  roundToMultipleOf4,
  leaky,
  sliceAndReshape,
  pixelNorm,
} from '../sequence-layers.js';
import {
  laggedDotProduct,
  straightThroughArgmax,
  straightThroughThreshold,
  projectChannels,
} from '../discrete-choices.js';
import type { FunctionalNetwork, Mode, GetWeight } from '../functional-network.js';
import { tunePlanNodes, tunePlanSize, type TunePlanNodes } from '../tune/tune-plan-nodes.js';
import { basisWeight, MELODY_BASIS_SIZE } from '../tune/pitch-basis.js';
import { rollFromTuneNodes, tuneChannels, type TuneNodes } from '../tune/tune-nodes.js';
import type { Vocabulary } from '../tune/vocabulary.js';
import type { ApolloHyperparameters } from './apollo-hyperparameters.js';

/** Channels at 256, 128, 64, 32 and 16 columns, as multiples of the depth. */
const CHANNEL_MULTIPLIERS = [1, 1.5, 2, 2, 2] as const;

/** Elements of the noise vector that select the plan; they come first. */
export const PLAN_NOISE_SIZE = 1;

/**
 * A generator conditioned on a plan (key, meter, which bars repeat which). A U-Net along time, styled by the global
 * noise, computes features from the plan and the local noise. From these it chooses the chords, and the melody given
 * the chords. A bar that repeats another one copies its choice.
 */
export function apolloGenerator(
  depth: number,
  format: RollFormat,
  vocabulary: Vocabulary,
  hyperparameters: ApolloHyperparameters,
): FunctionalNetwork {
  const { columns } = format;
  const { globalNoise, localNoise } = hyperparameters;
  return {
    name: 'generator',
    inputShape: [PLAN_NOISE_SIZE + globalNoise + localNoise * columns],
    conditionSize: tunePlanSize(columns),
    forward: (noise, weights, mode, condition) => {
      const plan = tunePlanNodes(condition!, columns);
      const style = styleVector(sliceAndReshape(noise, PLAN_NOISE_SIZE, [globalNoise]), plan, weights, hyperparameters);
      const local = sliceAndReshape(noise, PLAN_NOISE_SIZE + globalNoise, [localNoise, 1, columns]);
      const layers: StyledLayers = { depth, style, weights };
      const features = applyUNet(concat([plan.planes, copyFromSources(local, plan.motifSources)], 1), layers);
      const choose = (logits: Node, sources: Node): ChoiceWithOnset =>
        chooseWithOnset(hyperparameters.copy > 0 ? copyFromSources(logits, sources) : logits, plan, mode);
      const chords = choose(chordLogits(features, weights, vocabulary), plan.chordSources);
      const melody = choose(melodyLogits(features, chords, layers, { vocabulary, format }), plan.melodySources);
      const tune: TuneNodes = {
        melody: melody.choice,
        melodyOnset: melody.onset,
        chords: chords.choice,
        chordsOnset: chords.onset,
      };
      return mode === 'inference'
        ? rollFromTuneNodes(tune, plan.key, vocabulary, format)
        : concat([tune.melody, tune.melodyOnset, tune.chords, tune.chordsOnset], 1);
    },
  };
}

/** Values shared by the layers of one forward pass. */
interface StyledLayers {
  readonly depth: number;
  /** [batch, style] */
  readonly style: Node;
  readonly weights: GetWeight;
}

/** One choice for each column as a one-hot vector, and where it starts anew. */
interface ChoiceWithOnset {
  /** [batch, choices, 1, columns] */
  readonly choice: Node;
  /** [batch, 1, 1, columns] */
  readonly onset: Node;
}

/**
 * The style of the tune from its global noise, key and meter: [batch, style] (the mapping network of Karras et al.
 * 2019).
 */
function styleVector(
  globalNoise: Node,
  plan: TunePlanNodes,
  weights: GetWeight,
  { style: size }: ApolloHyperparameters,
): Node {
  const input = concat([globalNoise, plan.key, plan.hasSixColumnBars], 1);
  return leaky(dense(leaky(dense(input, 'style.1', weights, size)), 'style.2', weights, size));
}

/** Logits of the chords and, in the last channel, of an onset. */
function chordLogits(features: Node, weights: GetWeight, vocabulary: Vocabulary): Node {
  const [, , chordChoices] = tuneChannels(vocabulary);
  return convolve(leaky(features), 'chords', weights, { channels: chordChoices + 1, kernel: 3, gain: 0.5 });
}

/** Logits of the melody's choices and, in the last channel, of an onset, given the chords. */
function melodyLogits(
  features: Node,
  chords: ChoiceWithOnset,
  layers: StyledLayers,
  { vocabulary, format }: { readonly vocabulary: Vocabulary; readonly format: RollFormat },
): Node {
  const channels = roundToMultipleOf4(layers.depth);
  const chordFeatures = convolve(concat([chords.choice, chords.onset], 1), 'heard', layers.weights, {
    channels,
    kernel: 3,
  });
  const refined = residualBlock(add(features, chordFeatures), 'melody', layers, channels);
  const coefficients = convolve(leaky(refined), 'tune', layers.weights, {
    channels: MELODY_BASIS_SIZE + 1,
    kernel: 3,
    gain: 0.5,
  });
  return expandMelodyBasis(coefficients, vocabulary, format);
}

/** Coefficients of the melody basis and the onset logit -> logits of all choices and the onset logit. */
function expandMelodyBasis(coefficients: Node, vocabulary: Vocabulary, { lowestPitch }: RollFormat): Node {
  const { melody } = vocabulary;
  const [choices] = tuneChannels(vocabulary);
  return projectChannels(coefficients, choices + 1, (to, from) => {
    if (to === choices || from === MELODY_BASIS_SIZE) return Number(to === choices && from === MELODY_BASIS_SIZE);
    return basisWeight(to, from, melody.rows, lowestPitch + melody.lowest);
  });
}

/** A U-Net (Ronneberger, Fischer, Brox 2015) along time: down to 16 columns, and up again with skip connections. */
function applyUNet(input: Node, layers: StyledLayers): Node {
  const { depth, style, weights } = layers;
  const widths = CHANNEL_MULTIPLIERS.map((times) => roundToMultipleOf4(times * depth));
  const styled = (x: Node, name: string): Node => add(x, asColumn(dense(style, name, weights, x.shape[1]!)));
  const levels = [pixelNorm(leaky(convolve(input, 'in', weights, { channels: widths[0]!, kernel: 5 })))];
  for (let i = 1; i < widths.length; i++) {
    const halved = downsample(levels.at(-1)!, `down${i}`, weights, widths[i]!);
    levels.push(pixelNorm(leaky(styled(halved, `down${i}.style`))));
  }
  let x = residualBlock(levels.at(-1)!, 'middle', layers, widths.at(-1)!);
  for (let i = widths.length - 2; i >= 0; i--) {
    const withSkip = concat([upsample(x), levels[i]!], 1);
    const joined = convolve(withSkip, `up${i + 1}`, weights, { channels: widths[i]!, kernel: 3 });
    x = pixelNorm(leaky(styled(joined, `up${i + 1}.style`)));
    x = residualBlock(x, `up${i + 1}.residual`, layers, widths[i]!);
  }
  return x;
}

/** A residual block of two convolutions (He et al. 2016), with the style added between them. */
function residualBlock(x: Node, name: string, { style, weights }: StyledLayers, channels: number): Node {
  const inner = convolve(leaky(x), `${name}.1`, weights, { channels, kernel: 3 });
  const styled = add(inner, asColumn(dense(style, `${name}.style`, weights, channels)));
  return add(x, convolve(leaky(pixelNorm(styled)), `${name}.2`, weights, { channels, kernel: 3, gain: 0.2 }));
}

/**
 * Replaces each column by its source column.
 * @param sources [batch, to, from], 1 at the source of each column
 */
function copyFromSources(x: Node, sources: Node): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  const gathered = matmul(reshape(x, [batch, channels, columns]), sources, { transposeB: true });
  return reshape(gathered, [batch, channels, 1, columns]);
}

/**
 * Makes a choice for each column. It has an onset where the onset logit says so and where it changes. After the end of
 * the tune it is choice 0, silence, which has no onset.
 * @param logits [batch, choices + 1, 1, columns], the onset logit last
 */
function chooseWithOnset(logits: Node, { sounding }: TunePlanNodes, mode: Mode): ChoiceWithOnset {
  const choices = logits.shape[1]! - 1;
  const chosen = straightThroughArgmax(sliceChannels(logits, 0, choices), mode);
  const silence = constant({
    shape: [1, choices, 1, 1],
    data: Float32Array.from({ length: choices }, (_, n) => (n === 0 ? 1 : 0)),
  });
  const choice = add(multiply(chosen, sounding), multiply(silence, subtract(1, sounding)));
  const onsetChosen = straightThroughThreshold(sliceChannels(logits, choices, choices + 1), mode);
  const isHeld = multiply(subtract(1, onsetChosen), laggedDotProduct(choice, 1));
  return { choice, onset: multiply(subtract(1, isHeld), subtract(1, sliceChannels(choice, 0, 1))) };
}
