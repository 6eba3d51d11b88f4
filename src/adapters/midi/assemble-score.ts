import type { Score, Tempo, TimeSignature, Track } from '../../domain/music/score.js';
import { DEFAULT_MICROSECONDS_PER_BEAT } from '../../domain/music/tempo-map.js';
import type { TrackEvents } from './smf-track.js';
import type { TimeDivision } from './time-division.js';

/**
 * Makes a score of the tracks of a file. A track of the score is one voice: a chunk that holds several channels becomes
 * several tracks of one name, in order of channel. Chunks without notes and name (conductors, mostly) become none.
 */
export function assembleScore(chunks: readonly TrackEvents[], format: 0 | 1 | 2, division: TimeDivision): Score {
  const patterns = format === 2 ? withDefaultTempoAndMeter(chunks) : chunks;
  const { ticksPerBeat, microsecondsPerBeat } = division;
  return {
    ticksPerBeat,
    tempos:
      microsecondsPerBeat === undefined
        ? lastAtEachTick(patterns.flatMap(({ tempos }) => tempos))
        : [{ tick: 0, microsecondsPerBeat }],
    timeSignatures: lastAtEachTick(patterns.flatMap(({ timeSignatures }) => timeSignatures)),
    keySignatures: lastAtEachTick(patterns.flatMap(({ keySignatures }) => keySignatures)),
    tracks: splitByChannel(chunks),
    endTick: endOf(chunks),
  };
}

/** The last tick of all tracks. */
const endOf = (chunks: readonly TrackEvents[]): number =>
  chunks.reduce((end, { endTick }) => Math.max(end, endTick), 0);

function splitByChannel(chunks: readonly TrackEvents[]): Track[] {
  const programs = firstPrograms(chunks);
  const tracks: Track[] = [];
  for (const chunk of chunks) {
    const { name, notes } = chunk;
    if (notes.length === 0 && name === '') continue;
    const channels = channelsOf(chunk);
    for (const channel of channels) {
      const own = channels.length === 1 ? notes : notes.filter((note) => note.channel === channel);
      tracks.push({ name, program: programOf(chunk.programs[channel]!, programs[channel]!), notes: own });
    }
    if (notes.length === 0) {
      tracks.push({ name, program: programOf(chunk.programs.find((program) => program >= 0) ?? -1, -1), notes });
    }
  }
  return tracks;
}

/** A track that sets no program has the one that another track sets for its channel; without any, the piano. */
const programOf = (own: number, elsewhere: number): number => (own >= 0 ? own : Math.max(0, elsewhere));

function firstPrograms(chunks: readonly TrackEvents[]): Int8Array {
  const first = new Int8Array(16).fill(-1);
  for (const { programs } of chunks) {
    for (let channel = 0; channel < 16; channel++) if (first[channel]! < 0) first[channel] = programs[channel]!;
  }
  return first;
}

/** The channels that have notes, in order. */
function channelsOf({ notes }: TrackEvents): number[] {
  let used = 0;
  for (const { channel } of notes) used |= 1 << channel;
  const channels: number[] = [];
  for (let channel = 0; channel < 16; channel++) if (used & (1 << channel)) channels.push(channel);
  return channels;
}

/** In order of tick. Of several at one tick the last one counts. */
function lastAtEachTick<T extends { readonly tick: number }>(events: readonly T[]): readonly T[] {
  if (events.length < 2) return events;
  const sorted = [...events].sort((a, b) => a.tick - b.tick);
  return sorted.filter((event, i) => sorted[i + 1]?.tick !== event.tick);
}

/** A pattern of format 2 that sets no tempo or meter of its own must not inherit those of the pattern before it. */
function withDefaultTempoAndMeter(patterns: readonly TrackEvents[]): readonly TrackEvents[] {
  let [hasTempo, hasMeter] = [false, false];
  let tick = 0;
  return patterns.map((pattern) => {
    const tempo: Tempo = { tick, microsecondsPerBeat: DEFAULT_MICROSECONDS_PER_BEAT };
    const meter: TimeSignature = { tick, numerator: 4, denominator: 4 };
    const tempos = hasTempo ? [tempo, ...pattern.tempos] : pattern.tempos;
    const timeSignatures = hasMeter ? [meter, ...pattern.timeSignatures] : pattern.timeSignatures;
    [hasTempo, hasMeter, tick] = [tempos.length > 0, timeSignatures.length > 0, pattern.endTick];
    return { ...pattern, tempos, timeSignatures };
  });
}
