import { describe, expect, test } from '@jest/globals';
import { createGraphEvaluator } from '../../../../src/adapters/reference/graph-evaluator.js';
import { sliceChannels } from '../../../../src/domain/model/sequence-layers.js';
import { encodeTunePlan, tunePlanNodes, tunePlanSize } from '../../../../src/domain/model/tune/tune-plan-nodes.js';
import { encodeChoices, rollFromTuneNodes, tuneChannels } from '../../../../src/domain/model/tune/tune-nodes.js';
import { learnVocabulary, tuneChoicesFromRoll, type Vocabulary } from '../../../../src/domain/model/tune/vocabulary.js';
import { VOICES_FORMAT } from '../../../../src/domain/model/tune/voices.js';
import type { PianoRoll } from '../../../../src/domain/roll/piano-roll.js';
import { input } from '../../../../src/domain/tensor/node-builders.js';
import { LITTLE_TUNE, twoVoiceRoll } from '../../../support/model/two-voice-roll.js';

const LIMITS = { melodyRows: 36, chords: 8, forms: 10 };
const inC = twoVoiceRoll(LITTLE_TUNE);
const inD = twoVoiceRoll(
  LITTLE_TUNE.map(({ melody, chord = [] }) => ({ melody: melody! + 2, chord: chord.map((pitch) => pitch + 2) })),
);

describe('a vocabulary', () => {
  const vocabulary = learnVocabulary([inC, inD], LIMITS);

  test('has the chords in the normal key, the most frequent first, with the voicings of each key', () => {
    expect(vocabulary.chords).toEqual([
      [0, 4, 7],
      [2, 7, 11],
    ]);
    expect(vocabulary.voicings[5]).toEqual([
      [18, 22, 25],
      [13, 17, 20],
    ]);
    expect(vocabulary.voicings[3]).toEqual([
      [20, 24, 27],
      [15, 19, 22],
    ]);
    // No tune is in E flat: its tonic has the voicing of D's, transposed by a semitone.
    expect(vocabulary.voicings[2]![0]).toEqual([21, 25, 28]);
  });

  test('has the rows of the melodies and a plan for each tune', () => {
    expect(vocabulary.melody).toEqual({ lowest: 41, rows: 9 });
    expect(vocabulary.forms.map((plan) => plan.split(' ')[0])).toEqual(['0', '-2']);
    expect(learnVocabulary([inC, inD], { ...LIMITS, forms: 1 }).forms).toHaveLength(1);
  });

  test('maps a row out of range to another octave and an unknown chord to the most similar one', () => {
    const odd = twoVoiceRoll([...LITTLE_TUNE, { melody: 91, chord: [48, 52, 55, 58] }]);
    const { melody, chords } = tuneChoicesFromRoll(odd, vocabulary);
    expect([melody[41], chords[41]]).toEqual([1 + 79 - 30 - 41, 1]);
  });
});

test('the choices and plan of a tune give its roll, in its own key', () => {
  for (const roll of [inC, inD]) expect(roundTrip(roll, learnVocabulary([inC, inD], LIMITS))).toEqual([...roll.cells]);
});

/** The cells of a roll that is encoded as choices and decoded again. */
function roundTrip(roll: PianoRoll, vocabulary: Vocabulary): number[] {
  const channels = tuneChannels(vocabulary);
  const total = channels.reduce((a, b) => a + b, 0);
  const tune = tuneChoicesFromRoll(roll, vocabulary);
  const planes = new Float32Array(total * 256);
  encodeChoices(tune, vocabulary, planes, 0);
  const choices = input('choices', [1, total, 1, 256]);
  const plan = input('plan', [1, tunePlanSize(256)]);
  const at = (i: number): number => channels.slice(0, i).reduce((a, b) => a + b, 0);
  const [melody, melodyOnset, chords, chordsOnset] = channels.map((count, i) =>
    sliceChannels(choices, at(i), at(i) + count),
  );
  const nodes = { melody: melody!, melodyOnset: melodyOnset!, chords: chords!, chordsOnset: chordsOnset! };
  const decoded = rollFromTuneNodes(nodes, tunePlanNodes(plan, 256).key, vocabulary, VOICES_FORMAT);
  const values: Record<string, Float64Array> = {
    choices: Float64Array.from(planes),
    plan: Float64Array.from(encodeTunePlan(tune.plan, 256)),
  };
  return [...createGraphEvaluator([decoded])((node) => values[node.params.name]!)[0]!];
}
