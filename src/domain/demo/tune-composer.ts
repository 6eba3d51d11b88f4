import type { Random } from '../random.js';
import { generateAccompaniment } from './accompaniment.js';
import { generateChordProgression, type Cadence, type ChordDegree } from './chord.js';
import { generateMotif, generateMelodyBar, type DegreeRange, type MelodyNote, type Motif } from './melody.js';
import { METERS, type Meter } from './meter.js';
import { keySignatureOf, pitchOfDegree, type ScaleOnTonic, type ScaleName } from '../music/scale.js';
import { compareNotes, type Note, type Score } from '../music/score.js';

interface DemoTuneOptions {
  /** Bars in each of the two sections; 8 by default, with which a tune in 4/4 has 256 half beats. */
  readonly sectionBars?: 4 | 8;
}

/**
 * Composes a simple tune in the form AABB of folk dances. Each section has two phrases over a chord progression, the
 * first one ending on the dominant and the second one on the tonic, with a melody made from two motifs of one bar. Two
 * tracks, `melody` above `chords`; all pitches lie in 36..93. The tune depends only on the random numbers.
 */
export function composeDemoTune(random: Random, { sectionBars = 8 }: DemoTuneOptions = {}): Score {
  const key = pick(random, KEYS);
  const meter = pick(random, METERS);
  const style = random.below(2) === 0 ? 'held' : 'struck';
  const qpm = 90 + 2 * random.below(31);
  const low = -3 + random.below(2);
  const a = composeSection(random, meter, sectionBars, { low, high: low + 9 });
  // The second section of a dance tune is higher.
  const b = composeSection(random, meter, sectionBars, { low: low + 2, high: low + 12 });
  const bars = [a, a, b, b].flat();

  const barTicks = meter.eighthsPerBar * EIGHTH_TICKS;
  const melody = bars.flatMap((bar, i) => bar.melody.map((note) => melodyNote(note, i * barTicks, key, meter)));
  const chords = bars.flatMap((bar, i) => {
    return generateAccompaniment(bar.chord, key, meter, style).map(({ pitch, startEighth, durationEighths }) => ({
      pitch,
      velocity: startEighth === 0 ? 74 : 64,
      startTick: i * barTicks + startEighth * EIGHTH_TICKS,
      durationTicks: durationEighths * EIGHTH_TICKS,
      channel: 1,
    }));
  });
  return {
    ticksPerBeat: TICKS_PER_BEAT,
    tempos: [{ tick: 0, microsecondsPerBeat: Math.round(60_000_000 / qpm) }],
    timeSignatures: [{ tick: 0, numerator: meter.numerator, denominator: meter.denominator }],
    keySignatures: [{ tick: 0, ...keySignatureOf(key) }],
    tracks: [
      { name: 'melody', program: 0, notes: melody.sort(compareNotes) },
      { name: 'chords', program: 0, notes: chords.sort(compareNotes) },
    ],
    endTick: bars.length * barTicks,
  };
}

interface Bar {
  readonly chord: ChordDegree;
  readonly melody: readonly MelodyNote[];
}

/** Two phrases, antecedent and consequent: the same motifs over other chords, a half cadence and then a full one. */
function composeSection(random: Random, meter: Meter, bars: number, range: DegreeRange): readonly Bar[] {
  const motifs = [generateMotif(random, meter.rhythms), generateMotif(random, meter.rhythms)];
  const antecedent = generateChordProgression(random, bars / 2, 'half');
  const consequent = generateChordProgression(random, bars / 2, 'full');
  const start = chooseStartDegree(random, range);
  const phrase = { meter, motifs, start, range };
  return [
    ...composePhrase(random, { ...phrase, chords: antecedent, cadence: 'half' }),
    ...composePhrase(random, { ...phrase, chords: consequent, cadence: 'full' }),
  ];
}

interface PhrasePlan {
  readonly meter: Meter;
  readonly chords: readonly ChordDegree[];
  readonly motifs: readonly Motif[];
  /** Degree from which the melody starts. */
  readonly start: number;
  readonly range: DegreeRange;
  readonly cadence: Cadence;
}

function composePhrase(random: Random, { meter, chords, motifs, start, range, cadence }: PhrasePlan): readonly Bar[] {
  let from = start;
  return chords.map((chord, i) => {
    const isLast = i === chords.length - 1;
    const motif = isLast ? generateMotif(random, meter.endingRhythms) : motifs[i % motifs.length]!;
    const goal = isLast ? CADENCE_GOALS[cadence] : undefined;
    const melody = generateMelodyBar({ motif, meter, chord, from, range, goal });
    from = melody.at(-1)!.degree;
    return { chord, melody };
  });
}

/** Degrees on which the melody may end a phrase: those of the dominant chord, or the tonic. */
const CADENCE_GOALS: { readonly [K in Cadence]: readonly number[] } = { half: [4, 6, 8], full: [0] };

/** A random degree in the middle third of the range. */
const chooseStartDegree = (random: Random, { low, high }: DegreeRange): number =>
  low + Math.floor((high - low) / 3) + random.below(4);

function melodyNote(
  { degree, startEighth, durationEighths }: MelodyNote,
  barTick: number,
  key: ScaleOnTonic,
  { eighthsPerStrongBeat }: Meter,
): Note {
  return {
    pitch: pitchOfDegree(key, degree),
    velocity: startEighth === 0 ? 100 : startEighth % eighthsPerStrongBeat === 0 ? 94 : 86,
    startTick: barTick + startEighth * EIGHTH_TICKS,
    durationTicks: durationEighths * EIGHTH_TICKS,
    channel: 0,
  };
}

const TICKS_PER_BEAT = 480;
const EIGHTH_TICKS = TICKS_PER_BEAT / 2;

/** Usual keys of fiddles and whistles. Tonics in 60..69 keep the melody in 55..88 and the chords in 36..62. */
const KEYS: readonly ScaleOnTonic[] = (
  [
    ['major', [60, 62, 62, 65, 67, 67, 69]],
    ['minor', [62, 64, 69]],
    ['dorian', [62, 64, 69]],
    ['mixolydian', [62, 67, 69]],
  ] as readonly (readonly [ScaleName, readonly number[]])[]
).flatMap(([scale, tonics]) => tonics.map((tonicPitch) => ({ tonicPitch, scale })));

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
