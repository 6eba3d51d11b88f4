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

/** Columns after which the tune may come again: what the discriminator is shown the agreement of. */
const LAGS = [1, 2, 6, 8, 12, 16, 24, 32, 64] as const;
/** Channels at 256 columns and each half of them, down to 8. */
const CHANNEL_MULTIPLIERS = [1, 1.5, 2, 2, 2, 2] as const;

/**
 * Judges the choices of a tune along time, told its form: what is chosen, its pitch classes, how high the melody is and how far
 * it moves, how it fits the chord, and how far each column agrees with earlier ones; halved from 256 columns to 8. Beside
 * it what is true of the whole tune: its pitch classes, and how much the tunes of the batch differ (Karras et al. 2018).
 * Passages of a few columns have verdicts of their own (Isola et al. 2017). No batch norm.
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
    inputShape: [channels.reduce((all, own) => all + own, 0), 1, columns],
    conditionSize: tunePlanSize(columns),
    forward: (choices, weights, _mode, condition) => {
      const form = tunePlanNodes(condition!, columns);
      const { planes, classes } = deriveFeatures(splitTuneChannels(choices, channels), vocabulary, lowestPitch);
      const levels = [
        leaky(convolve(concat([choices, planes, form.planes], 1), 'in', weights, { channels: widths[0]!, kernel: 5 })),
      ];
      for (let i = 1; i < widths.length; i++)
        levels.push(leaky(downsample(levels.at(-1)!, `down${i}`, weights, widths[i]!)));
      const coarsest = levels.at(-1)!;
      const compared = concat([coarsest, minibatchStandardDeviation(coarsest)], 1);
      const last = leaky(convolve(compared, 'last', weights, { channels: widths.at(-1)!, kernel: 3 }));
      const flat = reshape(last, [last.shape[0]!, last.shape[1]! * last.shape[3]!]);
      const features = leaky(dense(concat([flat, classes, form.key], 1), 'verdict.1', weights, 128));
      const verdict = dense(features, 'verdict.2', weights, 1, 0.7);
      return passages > 0
        ? [1, 2].reduce(
            (sum, level) => add(sum, multiply(passageLogits(levels[level]!, `passage${level}`, weights), 2)),
            verdict,
          )
        : verdict;
    },
  };
}

function splitTuneChannels(choices: Node, channels: readonly [number, number, number, number]): TuneNodes {
  const [rows, , sets] = channels;
  return {
    melody: sliceChannels(choices, 0, rows),
    melodyOnset: sliceChannels(choices, rows, rows + 1),
    chords: sliceChannels(choices, rows + 1, rows + 1 + sets),
    chordsOnset: sliceChannels(choices, rows + 1 + sets, rows + 2 + sets),
  };
}

/** What is shown of a tune beside its choices: planes along time, and its pitch classes [batch, 24]. */
function deriveFeatures({ melody, melodyOnset, chords }: TuneNodes, vocabulary: Vocabulary, lowestPitch: number) {
  const { lowest, rows } = vocabulary.melody;
  const melodyClasses = projectChannels(melody, 12, (to, choice) =>
    Number(choice > 0 && (lowest + choice - 1 + lowestPitch) % 12 === to),
  );
  const chordClasses = projectChannels(chords, 12, (to, choice) =>
    Number(choice > 0 && vocabulary.chords[choice - 1]!.includes(to)),
  );
  const height = projectChannels(melody, 1, (_, choice) => (choice === 0 ? 0 : (choice - 1 - rows / 2) / 12));
  const sounds = subtract(1, sliceChannels(melody, 0, 1));
  const moves = multiply(
    multiply(subtract(height, delayColumns(height, 1)), 2),
    multiply(sounds, delayColumns(sounds, 1)),
  );
  const fits = sum(multiply(melodyClasses, chordClasses), [1]);
  const steps = intervalPlanes(melody, melodyOnset, multiply(sounds, delayColumns(sounds, 1)));
  const bumps = projectChannels(melody, RBF_COUNT, (to, choice) => (choice === 0 ? 0 : rbf(to, choice - 1, rows)));
  const agreements = LAGS.flatMap((lag) => [laggedDotProduct(melody, lag), laggedDotProduct(chords, lag)]);
  const share = (classes: Node, weight: number): Node =>
    reshape(multiply(mean(classes, [3]), weight), classes.shape.slice(0, 2));
  return {
    planes: concat([steps, melodyClasses, chordClasses, fits, height, moves, bumps, ...agreements], 1),
    classes: concat([share(melodyClasses, 4), share(chordClasses, 2), share(steps, 8)], 1),
  };
}

/** Semitones up and down that have a plane of their own. */
const MAX_STEP_SEMITONES = 8;

/**
 * How the melody moves into each column: a plane for each step of -8..8 semitones (0: struck again), and one for leaps.
 * @param both [batch, 1, 1, columns], 1 where it sounds and did before
 */
function intervalPlanes(melody: Node, onset: Node, both: Node): Node {
  const choices = melody.shape[1]!;
  const now = sliceChannels(melody, 1, choices);
  const before = sliceChannels(delayColumns(melody, 1), 1, choices);
  const rows = choices - 1;
  const moved = (step: number): Node =>
    sum(
      multiply(
        sliceChannels(now, Math.max(0, step), rows + Math.min(0, step)),
        sliceChannels(before, Math.max(0, -step), rows - Math.max(0, step)),
      ),
      [1],
    );
  const steps = Array.from({ length: 2 * MAX_STEP_SEMITONES + 1 }, (_, i) => moved(i - MAX_STEP_SEMITONES));
  const planes = steps.map((plane, i) => (i === MAX_STEP_SEMITONES ? multiply(plane, onset) : plane));
  return concat([...planes, subtract(both, steps.reduce(add))], 1);
}

/** The mean verdict on the passages of a level: [batch, 1]. */
function passageLogits(level: Node, name: string, weights: GetWeight): Node {
  const channels = level.shape[1]!;
  const inner = leaky(convolve(level, `${name}.1`, weights, { channels, kernel: 3 }));
  return reshape(mean(convolve(inner, `${name}.2`, weights, { channels: 1 }), [3]), [level.shape[0]!, 1]);
}

/** Minibatch standard deviation: the mean deviation of the features over the batch, the same for all: a plane. */
function minibatchStandardDeviation(features: Node): Node {
  const centred = subtract(features, mean(features, [0]));
  const deviation = sqrt(add(mean(square(centred), [0]), 1e-6));
  const [batch, , , columns] = features.shape as readonly [number, number, number, number];
  return broadcast(mean(deviation), [batch, 1, 1, columns]);
}
