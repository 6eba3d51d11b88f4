import type { Random } from '../random.js';
import { generateAccompaniment } from './accompaniment.js';
import { generateChordProgression, type Cadence, type ChordDegree } from './chord.js';
import { generateMotif, generateMelodyBar, type DegreeRange, type MelodyNote } from './melody.js';
import { METERS, type Meter } from './meter.js';
import { keySignatureOf, pitchOfDegree, type ScaleOnTonic, type ScaleName } from '../music/scale.js';
import { compareNotes, type Note, type Score } from '../music/score.js';

export interface DemoTuneOptions {
  /** Bars of each of the two sections; with 8 a tune in 4/4 is 256 half beats long. Default 8. */
  readonly sectionBars?: 4 | 8;
}

/**
 * Makes up a simple tune in the form AABB, as most folk dances have it: a key, a meter, for each section two phrases
 * over a progression of chords, the first ending on the dominant and the second on the tonic, and a melody that grows
 * from two motifs of one bar each. Two tracks, `melody` above and `chords` below. All pitches lie in 36..93.
 *
 * A function of the draws: equal streams give equal tunes.
 */
export function composeDemoTune(random: Random, { sectionBars = 8 }: DemoTuneOptions = {}): Score {
  const key = pick(random, KEYS);
  const meter = pick(random, METERS);
  const style = random.below(2) === 0 ? 'held' : 'struck';
  const quartersAMinute = 90 + 2 * random.below(31);
  const low = -3 + random.below(2);
  const a = composeSection(random, meter, sectionBars, { low, high: low + 9 });
  // The second part of a dance tune lies higher.
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
    tempos: [{ tick: 0, microsecondsPerBeat: Math.round(60_000_000 / quartersAMinute) }],
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

/** Question and answer: the same motifs over other chords, a half cadence and then a full one. */
function composeSection(random: Random, meter: Meter, bars: number, compass: DegreeRange): readonly Bar[] {
  const motifs = [generateMotif(random, meter.rhythms), generateMotif(random, meter.rhythms)];
  const question = generateChordProgression(random, bars / 2, 'half');
  const answer = generateChordProgression(random, bars / 2, 'full');
  const start = chooseStartDegree(random, compass);
  const asked = composePhrase(random, meter, question, motifs, start, compass, 'half');
  const answered = composePhrase(random, meter, answer, motifs, start, compass, 'full');
  return [...asked, ...answered];
}

function composePhrase(
  random: Random,
  meter: Meter,
  chords: readonly ChordDegree[],
  motifs: readonly ReturnType<typeof generateMotif>[],
  start: number,
  compass: DegreeRange,
  cadence: Cadence,
): readonly Bar[] {
  let from = start;
  return chords.map((chord, i) => {
    const isLast = i === chords.length - 1;
    const motif = isLast ? generateMotif(random, meter.endingRhythms) : motifs[i % motifs.length]!;
    const goal = isLast ? CADENCE_GOALS[cadence] : undefined;
    const melody = generateMelodyBar(motif, meter, chord, from, compass, goal);
    from = melody[melody.length - 1]!.degree;
    return { chord, melody };
  });
}

/** The degrees on which a melody may rest: of the dominant chord, or the tonic. */
const CADENCE_GOALS: { readonly [K in Cadence]: readonly number[] } = { half: [4, 6, 8], full: [0] };

/** Somewhere in the middle third of the compass. */
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

/** The keys that fiddles and whistles like. Tonics in 60..69 keep the melody in 55..88 and the chords in 36..62. */
const KEYS: readonly ScaleOnTonic[] = (
  [
    ['major', [60, 62, 62, 65, 67, 67, 69]],
    ['minor', [62, 64, 69]],
    ['dorian', [62, 64, 69]],
    ['mixolydian', [62, 67, 69]],
  ] as readonly (readonly [ScaleName, readonly number[]])[]
).flatMap(([scale, tonics]) => tonics.map((tonicPitch) => ({ tonicPitch, scale })));

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
