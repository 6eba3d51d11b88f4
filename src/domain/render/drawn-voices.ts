import { compareNotes, DRUM_CHANNEL, endOfNote, type Note, type Score } from '../music/score.js';
import type { Color } from './picture.js';
import type { Theme } from './theme.js';

/** Notes that are drawn in one color. */
export interface DrawnVoice {
  readonly name: string;
  readonly color: Color;
  readonly notes: readonly Note[];
}

/**
 * The voices of a score in the order in which they are painted: the melody last, so that nothing covers it. Several
 * tracks are a voice each; a single one is parted into melody and chords. Drums have no pitches and are not drawn.
 */
export function drawnVoices({ tracks }: Pick<Score, 'tracks'>, theme: Theme): readonly DrawnVoice[] {
  const pitched = tracks
    .map(({ name, notes }) => ({ name, notes: notes.filter(({ channel }) => channel !== DRUM_CHANNEL) }))
    .filter(({ notes }) => notes.length > 0);
  const named = pitched.length === 1 ? splitSkyline(pitched[0]!.notes) : pitched;
  const isTold = named.some(({ name }) => name === 'melody');
  let others = 0;
  const voices = named.map(({ name, notes }, i) => {
    const role = roleOf(name) ?? (isTold ? undefined : ROLES_BY_TRACK_INDEX[i]);
    const color = role === undefined ? theme.others[others++ % theme.others.length]! : theme.voices[role];
    return { name: name === '' ? `voice ${i + 1}` : name, color, notes };
  });
  return voices.sort((a, b) => rank(a) - rank(b));

  function rank({ color }: DrawnVoice): number {
    return color === theme.voices.melody ? 1 : 0;
  }
}

type Role = keyof Theme['voices'];
/** Of the tracks of a score that does not name its melody: it is usually the first. */
const ROLES_BY_TRACK_INDEX: readonly Role[] = ['melody', 'chords'];
const roleOf = (name: string): Role | undefined => (name === 'melody' || name === 'chords' ? name : undefined);

/**
 * Melody and chords of one track. The melody is the skyline: a note over which nothing sounds when it starts
 * (Uitdenbogerd and Zobel 1998, "Manipulation of music for melody matching").
 */
function splitSkyline(notes: readonly Note[]): readonly { readonly name: string; readonly notes: readonly Note[] }[] {
  const sorted = [...notes].sort(compareNotes);
  const soundsUntil = new Float64Array(128); // by pitch
  const [melody, chords]: [Note[], Note[]] = [[], []];
  for (let i = 0; i < sorted.length;) {
    const start = sorted[i]!.startTick;
    let end = i;
    while (end < sorted.length && sorted[end]!.startTick === start) end++;
    const together = sorted.slice(i, end);
    for (const note of together) {
      soundsUntil[note.pitch] = Math.max(soundsUntil[note.pitch]!, endOfNote(note), start + 1);
    }
    const highest = soundsUntil.findLastIndex((until) => until > start);
    for (const note of together) (note.pitch === highest ? melody : chords).push(note);
    i = end;
  }
  return [
    { name: 'chords', notes: chords },
    { name: 'melody', notes: melody },
  ].filter((voice) => voice.notes.length > 0);
}
