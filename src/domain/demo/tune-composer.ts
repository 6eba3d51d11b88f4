import type { Random } from '../random.js';
import { accompany } from './accompaniment.js';
import { progression, type Cadence, type ChordDegree } from './chord.js';
import { makeMotif, singBar, type Compass, type MelodyNote } from './melody.js';
import { METRES, type Metre } from './metre.js';
import { keySignature, pitchOfDegree, type Key, type ScaleName } from '../music/scale.js';
import { compareNotes, type Note, type Score } from '../music/score.js';

export interface TuneOptions {
  /** Bars of each of the two sections; with 8 a tune in 4/4 is 256 half beats long. Default 8. */
  readonly sectionBars?: 4 | 8;
}

/**
 * Makes up a simple tune in the form AABB, as most folk dances have it: a key, a metre, for each section two phrases
 * over a progression of chords, the first ending on the dominant and the second on the tonic, and a melody that grows
 * from two motifs of one bar each. Two tracks, `melody` above and `chords` below. All pitches lie in 36..93.
 *
 * A function of the draws: equal streams give equal tunes.
 */
export function composeTune(random: Random, { sectionBars = 8 }: TuneOptions = {}): Score {
  const key = pick(random, KEYS);
  const metre = pick(random, METRES);
  const style = random.below(2) === 0 ? 'held' : 'struck';
  const quartersAMinute = 90 + 2 * random.below(31);
  const low = -3 + random.below(2);
  const a = composeSection(random, metre, sectionBars, { low, high: low + 9 });
  // The second part of a dance tune lies higher.
  const b = composeSection(random, metre, sectionBars, { low: low + 2, high: low + 12 });
  const bars = [a, a, b, b].flat();

  const barTicks = metre.barEighths * EIGHTH_TICKS;
  const melody = bars.flatMap((bar, i) => bar.melody.map((note) => melodyNote(note, i * barTicks, key, metre)));
  const chords = bars.flatMap((bar, i) => {
    return accompany(bar.chord, key, metre, style).map(({ pitch, startEighth, eighths }) => ({
      pitch,
      velocity: startEighth === 0 ? 74 : 64,
      startTick: i * barTicks + startEighth * EIGHTH_TICKS,
      durationTicks: eighths * EIGHTH_TICKS,
      channel: 1,
    }));
  });
  return {
    ticksPerBeat: TICKS_PER_BEAT,
    tempos: [{ tick: 0, microsecondsPerBeat: Math.round(60_000_000 / quartersAMinute) }],
    timeSignatures: [{ tick: 0, numerator: metre.numerator, denominator: metre.denominator }],
    keySignatures: [{ tick: 0, ...keySignature(key) }],
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
function composeSection(random: Random, metre: Metre, bars: number, compass: Compass): readonly Bar[] {
  const motifs = [makeMotif(random, metre.rhythms), makeMotif(random, metre.rhythms)];
  const question = progression(random, bars / 2, 'half');
  const answer = progression(random, bars / 2, 'full');
  const start = nearestChordStart(random, compass);
  const asked = composePhrase(random, metre, question, motifs, start, compass, 'half');
  const answered = composePhrase(random, metre, answer, motifs, start, compass, 'full');
  return [...asked, ...answered];
}

function composePhrase(
  random: Random,
  metre: Metre,
  chords: readonly ChordDegree[],
  motifs: readonly ReturnType<typeof makeMotif>[],
  start: number,
  compass: Compass,
  cadence: Cadence,
): readonly Bar[] {
  let from = start;
  return chords.map((chord, i) => {
    const isLast = i === chords.length - 1;
    const motif = isLast ? makeMotif(random, metre.endings) : motifs[i % motifs.length]!;
    const goal = isLast ? CADENCE_GOALS[cadence] : undefined;
    const melody = singBar(motif, metre, chord, from, compass, goal);
    from = melody[melody.length - 1]!.degree;
    return { chord, melody };
  });
}

/** The degrees on which a melody may rest: of the dominant chord, or the tonic. */
const CADENCE_GOALS: { readonly [K in Cadence]: readonly number[] } = { half: [4, 6, 8], full: [0] };

/** Somewhere in the middle third of the compass. */
const nearestChordStart = (random: Random, { low, high }: Compass): number =>
  low + Math.floor((high - low) / 3) + random.below(4);

function melodyNote(
  { degree, startEighth, eighths }: MelodyNote,
  barTick: number,
  key: Key,
  { strongEvery }: Metre,
): Note {
  return {
    pitch: pitchOfDegree(key, degree),
    velocity: startEighth === 0 ? 100 : startEighth % strongEvery === 0 ? 94 : 86,
    startTick: barTick + startEighth * EIGHTH_TICKS,
    durationTicks: eighths * EIGHTH_TICKS,
    channel: 0,
  };
}

const TICKS_PER_BEAT = 480;
const EIGHTH_TICKS = TICKS_PER_BEAT / 2;

/** The keys that fiddles and whistles like. Tonics in 60..69 keep the melody in 55..88 and the chords in 36..62. */
const KEYS: readonly Key[] = (
  [
    ['major', [60, 62, 62, 65, 67, 67, 69]],
    ['minor', [62, 64, 69]],
    ['dorian', [62, 64, 69]],
    ['mixolydian', [62, 67, 69]],
  ] as readonly (readonly [ScaleName, readonly number[]])[]
).flatMap(([scale, tonics]) => tonics.map((tonic) => ({ tonic, scale })));

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
