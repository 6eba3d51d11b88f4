import { DRUM_CHANNEL, type Note, type Score, type Track } from './score.js';

/** Share of a melody's notes that may start while another of its notes sounds: a grace note held too long. */
const MAX_OVERLAP_SHARE = 0.1;

/**
 * The track that is the melody, for scores that keep it in a track of its own beside others: the one whose name ends in "melody", or
 * the highest on average, when hardly any of its notes overlap. Undefined where there is one track only, or the highest
 * holds chords: then the melody has to be found note by note (see skyline.ts).
 */
export function findMelodyTrack({ tracks }: Score): Track | undefined {
  const pitched = tracks.filter(({ notes }) => notes.some(isPitched));
  if (pitched.length < 2) return undefined;
  const highest = pitched.reduce((best, track) => (meanPitch(track) > meanPitch(best) ? track : best));
  const melody = pitched.find(({ name }) => /\bmelody\s*$/i.test(name)) ?? highest;
  return overlapShare(melody.notes.filter(isPitched)) <= MAX_OVERLAP_SHARE ? melody : undefined;
}

const isPitched = ({ channel }: Note): boolean => channel !== DRUM_CHANNEL;

function meanPitch({ notes }: Track): number {
  const pitched = notes.filter(isPitched);
  return pitched.reduce((sum, { pitch }) => sum + pitch, 0) / pitched.length;
}

/** The share of notes that start before all notes before them have ended. @param notes in order of start */
function overlapShare(notes: readonly Note[]): number {
  let [count, end] = [0, 0];
  for (const { startTick, durationTicks } of notes) {
    if (startTick < end) count++;
    end = Math.max(end, startTick + durationTicks);
  }
  return count / notes.length;
}
