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
import { rollFromTuneNodes, tuneChannels } from '../tune/tune-nodes.js';
import type { Vocabulary } from '../tune/vocabulary.js';
import type { ApolloHyperparameters } from './apollo-hyperparameters.js';

/** Channels at 256, 128, 64, 32 and 16 columns, in parts of the depth. */
export const GENERATOR_CHANNEL_MULTIPLIERS = [1, 1.5, 2, 2, 2] as const;

/** Numbers of noise that come before the others: one that chooses the form. */
export const PLAN_NOISE_SIZE = 1;

/**
 * From the form to the details: the form (key, bars, what repeats what) and one noise for the tune style a U-Net along time, which
 * is told the place in the bar and noise that comes again where a motif does; it chooses chords, and then the melody given them.
 * Where the form repeats a bar, the choice is that bar's.
 */
export function apolloGenerator(
  depth: number,
  format: RollFormat,
  vocabulary: Vocabulary,
  recipe: ApolloHyperparameters,
): FunctionalNetwork {
  const { columns } = format;
  const { globalNoise, localNoise, style: styles } = recipe;
  const [rows, , sets] = tuneChannels(vocabulary);
  return {
    name: 'generator',
    inputShape: [PLAN_NOISE_SIZE + globalNoise + localNoise * columns],
    conditionSize: tunePlanSize(columns),
    forward: (noise, weights, mode, condition) => {
      const form = tunePlanNodes(condition!, columns);
      const whole = concat(
        [sliceAndReshape(noise, PLAN_NOISE_SIZE, [globalNoise]), form.key, form.hasSixColumnBars],
        1,
      );
      const style = leaky(dense(leaky(dense(whole, 'style.1', weights, styles)), 'style.2', weights, styles));
      const local = sliceAndReshape(noise, PLAN_NOISE_SIZE + globalNoise, [localNoise, 1, columns]);
      const drawn = applyUNet(concat([form.planes, copyFromSources(local, form.motifSources)], 1), {
        depth,
        style,
        weights,
      });
      const repeat = (logits: Node, sources: Node): Node =>
        recipe.copy > 0 ? copyFromSources(logits, sources) : logits;

      const chordLogits = convolve(leaky(drawn), 'chords', weights, { channels: sets + 1, kernel: 3, gain: 0.5 });
      const chords = chooseWithOnset(repeat(chordLogits, form.chordSources), form, mode);
      const heard = add(
        drawn,
        convolve(concat([chords.choice, chords.onset], 1), 'heard', weights, {
          channels: roundToMultipleOf4(depth),
          kernel: 3,
        }),
      );
      const refined = residualBlock(heard, 'melody', { depth, style, weights }, roundToMultipleOf4(depth));
      const said = convolve(leaky(refined), 'tune', weights, { channels: MELODY_BASIS_SIZE + 1, kernel: 3, gain: 0.5 });
      const melody = chooseWithOnset(
        repeat(melodyLogits(said, rows, vocabulary, format), form.melodySources),
        form,
        mode,
      );

      const tune = {
        melody: melody.choice,
        melodyOnset: melody.onset,
        chords: chords.choice,
        chordsOnset: chords.onset,
      };
      return mode === 'inference'
        ? rollFromTuneNodes(tune, form.key, vocabulary, format)
        : concat([tune.melody, tune.melodyOnset, tune.chords, tune.chordsOnset], 1);
    },
  };
}

/** From the numbers that say a melody, and its onset, to the logits of all its choices and its onset. */
function melodyLogits(said: Node, choices: number, { melody }: Vocabulary, { lowestPitch }: RollFormat): Node {
  return projectChannels(said, choices + 1, (to, from) => {
    if (to === choices || from === MELODY_BASIS_SIZE) return Number(to === choices && from === MELODY_BASIS_SIZE);
    return basisWeight(to, from, melody.rows, lowestPitch + melody.lowest);
  });
}

interface StyledLayerContext {
  readonly depth: number;
  /** [batch, styles] */
  readonly style: Node;
  readonly weights: GetWeight;
}

/** A U-Net (Ronneberger, Fischer, Brox 2015): halved down to 16 columns, then doubled again beside what was seen on the way. */
function applyUNet(seen: Node, drawing: StyledLayerContext): Node {
  const { depth, style, weights } = drawing;
  const widths = GENERATOR_CHANNEL_MULTIPLIERS.map((times) => roundToMultipleOf4(times * depth));
  const styled = (x: Node, name: string): Node => add(x, asColumn(dense(style, name, weights, x.shape[1]!)));
  const levels = [pixelNorm(leaky(convolve(seen, 'in', weights, { channels: widths[0]!, kernel: 5 })))];
  for (let i = 1; i < widths.length; i++) {
    const halved = downsample(levels.at(-1)!, `down${i}`, weights, widths[i]!);
    levels.push(pixelNorm(leaky(styled(halved, `down${i}.style`))));
  }
  let x = residualBlock(levels.at(-1)!, 'middle', drawing, widths.at(-1)!);
  for (let i = widths.length - 2; i >= 0; i--) {
    const beside = concat([upsample(x), levels[i]!], 1);
    const joined = convolve(beside, `up${i + 1}`, weights, { channels: widths[i]!, kernel: 3 });
    x = pixelNorm(leaky(styled(joined, `up${i + 1}.style`)));
    x = residualBlock(x, `up${i + 1}.residual`, drawing, widths[i]!);
  }
  return x;
}

/** x + what two convolutions make of it (He et al. 2016), styled between them. */
function residualBlock(x: Node, name: string, { style, weights }: StyledLayerContext, channels: number): Node {
  const inner = convolve(leaky(x), `${name}.1`, weights, { channels, kernel: 3 });
  const styled = add(inner, asColumn(dense(style, `${name}.style`, weights, channels)));
  return add(x, convolve(leaky(pixelNorm(styled)), `${name}.2`, weights, { channels, kernel: 3, gain: 0.2 }));
}

/** Each column as the one that it repeats. @param sources [batch, to, from], 1 at the source */
function copyFromSources(x: Node, sources: Node): Node {
  const [batch, channels, , columns] = x.shape as readonly [number, number, number, number];
  const gathered = matmul(reshape(x, [batch, channels, columns]), sources, { transposeB: true });
  return reshape(gathered, [batch, channels, 1, columns]);
}

/**
 * A choice a column and where it starts anew: where it is told to, and where it changes. After the end of the tune it is
 * choice 0, silence, which never starts. @param logits [batch, choices + 1, 1, columns], the last of starting
 */
function chooseWithOnset(
  logits: Node,
  { sounding }: TunePlanNodes,
  mode: Mode,
): { readonly choice: Node; readonly onset: Node } {
  const choices = logits.shape[1]! - 1;
  const chosen = straightThroughArgmax(sliceChannels(logits, 0, choices), mode);
  const silence = constant({
    shape: [1, choices, 1, 1],
    data: Float32Array.from({ length: choices }, (_, n) => (n === 0 ? 1 : 0)),
  });
  const choice = add(multiply(chosen, sounding), multiply(silence, subtract(1, sounding)));
  const told = straightThroughThreshold(sliceChannels(logits, choices, choices + 1), mode);
  const goesOn = multiply(subtract(1, told), laggedDotProduct(choice, 1));
  return { choice, onset: multiply(subtract(1, goesOn), subtract(1, sliceChannels(choice, 0, 1))) };
}
