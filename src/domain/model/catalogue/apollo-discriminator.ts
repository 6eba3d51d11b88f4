import {
  add,
  broadcast,
  concat,
  mean,
  multiply,
  reshape,
  sqrt,
  square,
  subtract,
  sum,
} from '../../tensor/node-builders.js';
import type { Node } from '../../tensor/op.js';
import type { RollFormat } from '../../roll/roll-format.js';
import { sliceChannels, convolve, dense, downsample, roundToMultipleOf4, leaky } from '../sequence-layers.js';
import { laggedDotProduct, delayColumns, projectChannels } from '../discrete-choices.js';
import type { FunctionalNetwork, GetWeight } from '../functional-network.js';
import { tunePlanNodes, tunePlanSize } from '../tune/tune-plan-nodes.js';
import { RBF_COUNT, rbf } from '../tune/pitch-basis.js';
import { tuneChannels, type TuneNodes } from '../tune/tune-nodes.js';
import type { Vocabulary } from '../tune/vocabulary.js';
import type { ApolloHyperparameters } from './apollo-hyperparameters.js';

/**
 * Lags, in columns, at which the discriminator sees the autocorrelation of the tune: 1 column to 8 bars of 8 columns.
 */
const LAGS = [1, 2, 6, 8, 12, 16, 24, 32, 64] as const;
/** Channels at 256, 128, 64, 32, 16 and 8 columns, as multiples of the width. */
const CHANNEL_MULTIPLIERS = [1, 1.5, 2, 2, 2, 2] as const;

/**
 * A convolutional discriminator along time, conditioned on the plan and without batch norm. It sees the one-hot choices
 * and features derived from them (see `deriveFeatures`), with minibatch standard deviation (Karras et al. 2018). Logits
 * of passages of a few columns (PatchGAN, Isola et al. 2017) are added to the logit of the tune.
 */
export function apolloDiscriminator(
  depth: number,
  { columns, lowestPitch }: RollFormat,
  vocabulary: Vocabulary,
  { discriminatorWidth, passages }: ApolloHyperparameters,
): FunctionalNetwork {
  const channels = tuneChannels(vocabulary);
  const widths = CHANNEL_MULTIPLIERS.map((times) => roundToMultipleOf4(times * depth * discriminatorWidth));
  return {
    name: 'discriminator',
    inputShape: [channels.reduce((sum, count) => sum + count, 0), 1, columns],
    conditionSize: tunePlanSize(columns),
    forward: (choices, weights, _mode, condition) => {
      const plan = tunePlanNodes(condition!, columns);
      const { planes, classes } = deriveFeatures(splitTuneChannels(choices, channels), vocabulary, lowestPitch);
      const levels = [
        leaky(convolve(concat([choices, planes, plan.planes], 1), 'in', weights, { channels: widths[0]!, kernel: 5 })),
      ];
      for (let i = 1; i < widths.length; i++)
        levels.push(leaky(downsample(levels.at(-1)!, `down${i}`, weights, widths[i]!)));
      const coarsest = levels.at(-1)!;
      const withDeviation = concat([coarsest, minibatchStandardDeviation(coarsest)], 1);
      const last = leaky(convolve(withDeviation, 'last', weights, { channels: widths.at(-1)!, kernel: 3 }));
      const flat = reshape(last, [last.shape[0]!, last.shape[1]! * last.shape[3]!]);
      const features = leaky(dense(concat([flat, classes, plan.key], 1), 'verdict.1', weights, 128));
      const tuneLogit = dense(features, 'verdict.2', weights, 1, 0.7);
      if (passages <= 0) return tuneLogit;
      return [1, 2].reduce(
        (sum, level) => add(sum, multiply(passageLogit(levels[level]!, `passage${level}`, weights), 2)),
        tuneLogit,
      );
    },
  };
}

/** Splits the concatenated choices into voices and onsets, in the order of `tuneChannels`. */
function splitTuneChannels(choices: Node, channels: readonly [number, number, number, number]): TuneNodes {
  const [melodySize, , chordsSize] = channels;
  const chordsStart = melodySize + 1;
  return {
    melody: sliceChannels(choices, 0, melodySize),
    melodyOnset: sliceChannels(choices, melodySize, chordsStart),
    chords: sliceChannels(choices, chordsStart, chordsStart + chordsSize),
    chordsOnset: sliceChannels(choices, chordsStart + chordsSize, chordsStart + chordsSize + 1),
  };
}

/**
 * Features that are linear or bilinear in the choices. Planes along time: melodic intervals, pitch classes, whether the
 * melody note belongs to the chord, height and motion of the melody, autocorrelations. Classes: means over the tune.
 */
function deriveFeatures({ melody, melodyOnset, chords }: TuneNodes, vocabulary: Vocabulary, lowestPitch: number) {
  const { lowest, rows } = vocabulary.melody;
  const melodyClasses = projectChannels(melody, 12, (to, choice) =>
    Number(choice > 0 && (lowest + choice - 1 + lowestPitch) % 12 === to),
  );
  const chordClasses = projectChannels(chords, 12, (to, choice) =>
    Number(choice > 0 && vocabulary.chords[choice - 1]!.includes(to)),
  );
  // In octaves above the middle of the melody's range.
  const height = projectChannels(melody, 1, (_, choice) => (choice === 0 ? 0 : (choice - 1 - rows / 2) / 12));
  const sounds = subtract(1, sliceChannels(melody, 0, 1));
  const motion = multiply(
    multiply(subtract(height, delayColumns(height, 1)), 2),
    multiply(sounds, delayColumns(sounds, 1)),
  );
  const isChordTone = sum(multiply(melodyClasses, chordClasses), [1]);
  const intervals = intervalPlanes(melody, melodyOnset, multiply(sounds, delayColumns(sounds, 1)));
  const rbfs = projectChannels(melody, RBF_COUNT, (to, choice) => (choice === 0 ? 0 : rbf(to, choice - 1, rows)));
  const autocorrelations = LAGS.flatMap((lag) => [laggedDotProduct(melody, lag), laggedDotProduct(chords, lag)]);
  const meanOverTime = (plane: Node, scale: number): Node =>
    reshape(multiply(mean(plane, [3]), scale), plane.shape.slice(0, 2));
  return {
    planes: concat([intervals, melodyClasses, chordClasses, isChordTone, height, motion, rbfs, ...autocorrelations], 1),
    classes: concat([meanOverTime(melodyClasses, 4), meanOverTime(chordClasses, 2), meanOverTime(intervals, 8)], 1),
  };
}

/** Intervals up to this many semitones, up and down, have a plane each. */
const MAX_INTERVAL_SEMITONES = 8;

/**
 * The melodic interval into each column: a plane for each of -8..8 semitones (0 only for repeated notes), and one for
 * larger intervals.
 * @param bothSound [batch, 1, 1, columns], 1 where the melody sounds in the column and in the one before
 */
function intervalPlanes(melody: Node, onset: Node, bothSound: Node): Node {
  const choices = melody.shape[1]!;
  const current = sliceChannels(melody, 1, choices);
  const previous = sliceChannels(delayColumns(melody, 1), 1, choices);
  const rows = choices - 1;
  const movesBy = (semitones: number): Node =>
    sum(
      multiply(
        sliceChannels(current, Math.max(0, semitones), rows + Math.min(0, semitones)),
        sliceChannels(previous, Math.max(0, -semitones), rows - Math.max(0, semitones)),
      ),
      [1],
    );
  const intervals = Array.from({ length: 2 * MAX_INTERVAL_SEMITONES + 1 }, (_, i) =>
    movesBy(i - MAX_INTERVAL_SEMITONES),
  );
  const planes = intervals.map((plane, i) => (i === MAX_INTERVAL_SEMITONES ? multiply(plane, onset) : plane));
  return concat([...planes, subtract(bothSound, intervals.reduce(add))], 1);
}

/** The mean logit of the passages at one level: [batch, 1]. */
function passageLogit(level: Node, name: string, weights: GetWeight): Node {
  const channels = level.shape[1]!;
  const inner = leaky(convolve(level, `${name}.1`, weights, { channels, kernel: 3 }));
  return reshape(mean(convolve(inner, `${name}.2`, weights, { channels: 1 }), [3]), [level.shape[0]!, 1]);
}

/** A plane of the standard deviation over the batch, averaged over all features (Karras et al. 2018). */
function minibatchStandardDeviation(features: Node): Node {
  const centered = subtract(features, mean(features, [0]));
  const deviation = sqrt(add(mean(square(centered), [0]), 1e-6));
  const [batch, , , columns] = features.shape as readonly [number, number, number, number];
  return broadcast(mean(deviation), [batch, 1, 1, columns]);
}
