import { blankRoll, type PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { parseChannels, type RollFormat } from '../../../src/domain/roll/roll-format.js';

/** 24 pitches from 60 (C4), 32 columns, 2 a beat. */
export const SMALL_FORMAT: RollFormat = {
  lowestPitch: 60,
  pitches: 24,
  columns: 32,
  columnsPerBeat: 2,
  channels: parseChannels('all:sustain'),
};

/** [pitch, first column, columns, channel = 0] */
export type CellRun = readonly [pitch: number, start: number, length: number, channel?: number];

/** A roll with runs of cells. */
export function drawnRoll(
  runs: readonly CellRun[],
  changes: Partial<Omit<RollFormat, 'channels'>> & { channels?: string } = {},
): PianoRoll {
  const { channels = 'all:sustain', ...numbers } = changes;
  const roll = blankRoll({ ...SMALL_FORMAT, ...numbers, channels: parseChannels(channels) });
  const { lowestPitch, pitches, columns } = roll.format;
  for (const [pitch, start, length, channel = 0] of runs) {
    const at = (channel * pitches + pitch - lowestPitch) * columns + start;
    roll.cells.fill(1, at, at + length);
  }
  return roll;
}
