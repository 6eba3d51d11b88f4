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
 * The voices of a score in painting order: the melody last, so that nothing covers it. Each track is a voice, but a
 * single track is split into melody and chords. Drums are left out.
 */
export function drawnVoices({ tracks }: Pick<Score, 'tracks'>, theme: Theme): readonly DrawnVoice[] {
  const pitched = tracks
    .map(({ name, notes }) => ({ name, notes: notes.filter(({ channel }) => channel !== DRUM_CHANNEL) }))
    .filter(({ notes }) => notes.length > 0);
  const named = pitched.length === 1 ? splitSkyline(pitched[0]!.notes) : pitched;
  const hasMelody = named.some(({ name }) => name === 'melody');
  let others = 0;
  const voices = named.map(({ name, notes }, i) => {
    const role = roleOf(name) ?? (hasMelody ? undefined : ROLES_BY_TRACK_INDEX[i]);
    const color = role === undefined ? theme.others[others++ % theme.others.length]! : theme.voices[role];
    return { name: name === '' ? `voice ${i + 1}` : name, color, notes };
  });
  const rank = ({ color }: DrawnVoice): number => (color === theme.voices.melody ? 1 : 0);
  return voices.sort((a, b) => rank(a) - rank(b));
}

type Role = keyof Theme['voices'];
/** Roles of the first tracks in a score without a track named `melody`: the melody usually comes first. */
const ROLES_BY_TRACK_INDEX: readonly Role[] = ['melody', 'chords'];
const roleOf = (name: string): Role | undefined => (name === 'melody' || name === 'chords' ? name : undefined);

/**
 * Splits one track into melody and chords. The melody is the skyline: the notes above which nothing sounds when they
 * start (Uitdenbogerd and Zobel 1998, "Manipulation of music for melody matching").
 */
function splitSkyline(notes: readonly Note[]): readonly { readonly name: string; readonly notes: readonly Note[] }[] {
  const sorted = [...notes].sort(compareNotes);
  const soundsUntil = new Float64Array(128); // tick for each pitch
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
