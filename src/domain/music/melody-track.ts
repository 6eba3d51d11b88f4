import { DRUM_CHANNEL, type Note, type Score, type Track } from './score.js';

/** Largest share of a melody's notes that may start while another one sounds, such as a grace note held too long. */
const MAX_OVERLAP_SHARE = 0.1;

/**
 * The melody track of a score with several pitched tracks: the one whose name ends in "melody", else the one with the
 * highest mean pitch. Undefined if that track is polyphonic, or if there is one track only: then the melody is the
 * skyline (see skyline.ts).
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

/** Share of the notes that start before an earlier note has ended. @param notes in order of start */
function overlapShare(notes: readonly Note[]): number {
  let [count, end] = [0, 0];
  for (const { startTick, durationTicks } of notes) {
    if (startTick < end) count++;
    end = Math.max(end, startTick + durationTicks);
  }
  return count / notes.length;
}
