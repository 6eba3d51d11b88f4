import { MidiError } from '../../domain/midi/midi-error.js';
import { DEFAULT_MICROSECONDS_PER_BEAT } from '../../domain/music/tempo-map.js';

/** The time division of the file's header. */
export interface TimeDivision {
  readonly ticksPerBeat: number;
  /** Ticks of the score for each tick of the file. */
  readonly tickScale: 1 | 2;
  /** For SMPTE time, which no tempo changes; undefined for musical time. */
  readonly microsecondsPerBeat: number | undefined;
}

/**
 * The division of a header: ticks a beat, or, with the top bit set, minus the frames a second and the ticks a frame.
 *
 * SMPTE time gets a beat of half a second (120 a minute), so a beat has frames * ticks / 2 ticks; where that is not
 * whole, ticks are halved. 29 means 29.97, drop frame: 30 frames take 1.001 seconds, so half of that is a beat.
 */
export function readDivision(division: number, offset: number): TimeDivision {
  if (division === 0) throw new MidiError('MIDI_BAD_DIVISION', offset, 'a beat should have 1 tick or more, got 0');
  if (division < 0x8000) return { ticksPerBeat: division, tickScale: 1, microsecondsPerBeat: undefined };
  const frames = 256 - (division >> 8);
  const ticks = division & 0xff;
  if (![24, 25, 29, 30].includes(frames)) {
    throw new MidiError(
      'MIDI_BAD_DIVISION',
      offset,
      `SMPTE time should have 24, 25, 29 or 30 frames a second, got ${frames}`,
    );
  }
  if (ticks === 0) throw new MidiError('MIDI_BAD_DIVISION', offset + 1, 'a frame should have 1 tick or more, got 0');
  const ticksPerSecond = (frames === 29 ? 30 : frames) * ticks;
  const tickScale = ticksPerSecond % 2 === 0 ? 1 : 2;
  return {
    ticksPerBeat: (ticksPerSecond * tickScale) / 2,
    tickScale,
    microsecondsPerBeat: frames === 29 ? 500_500 : DEFAULT_MICROSECONDS_PER_BEAT,
  };
}
