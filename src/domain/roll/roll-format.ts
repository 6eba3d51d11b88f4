import { UsageError } from '../errors.js';

/** `sustain` marks every column in which a note sounds, `onset` only the column in which it starts. */
export type ChannelKind = 'sustain' | 'onset';

/** One plane of a roll. */
export interface RollChannel {
  /** `all`, `melody` (its track or the highest notes), `chords` (all others), or the name of a track. */
  readonly voice: string;
  readonly kind: ChannelKind;
}

/** The meaning of the cells of a piano roll. */
export interface RollFormat {
  /** MIDI pitch of row 0, 0..127. */
  readonly lowestPitch: number;
  /** Number of rows; lowestPitch + pitches is at most 128. */
  readonly pitches: number;
  /** Time steps; a multiple of 8, because rolls are packed eight columns a byte. */
  readonly columns: number;
  readonly columnsPerBeat: number;
  readonly channels: readonly RollChannel[];
}

/** One channel, half-beat columns, pitches F#1 (30) to A6 (93). 256 columns hold a whole folk tune. */
export const DEFAULT_ROLL_FORMAT: RollFormat = {
  lowestPitch: 30,
  pitches: 64,
  columns: 256,
  columnsPerBeat: 2,
  channels: [{ voice: 'all', kind: 'sustain' }],
};

/** Number of cells in a roll. */
export const cellCount = (format: RollFormat): number => format.channels.length * format.pitches * format.columns;

/** [channels, pitches, columns] */
export const rollShape = (format: RollFormat): readonly [number, number, number] => [
  format.channels.length,
  format.pitches,
  format.columns,
];

/** `all:sustain` */
export const channelName = (channel: RollChannel): string => `${channel.voice}:${channel.kind}`;

/** Parses `all:sustain,all:onset`. @throws UsageError */
export function parseChannels(text: string): readonly RollChannel[] {
  return text.split(',').map((name) => {
    const [, voice, kind] = /^(.+):(sustain|onset)$/.exec(name.trim()) ?? [];
    if (voice === undefined || kind === undefined) {
      throw new UsageError(
        `channel "${name}" is not a voice and a kind; write for example all:sustain or melody:onset`,
      );
    }
    return { voice, kind: kind as ChannelKind };
  });
}

/** Whether a voice is found by analysis: `melody` and `chords` do not depend on the names of tracks. */
export const isDerivedVoice = (voice: string): boolean => voice === 'melody' || voice === 'chords';

export const sameChannels = (a: readonly RollChannel[], b: readonly RollChannel[]): boolean =>
  a.map(channelName).join() === b.map(channelName).join();

export const sameFormat = (a: RollFormat, b: RollFormat): boolean => describeFormat(a) === describeFormat(b);

/** `64 pitches from 30, 256 columns, 2 a beat, all:sustain` */
export function describeFormat(format: RollFormat): string {
  const channels = format.channels.map(channelName).join(' + ');
  const { pitches, lowestPitch, columns, columnsPerBeat } = format;
  return `${pitches} pitches from ${lowestPitch}, ${columns} columns, ${columnsPerBeat} a beat, ${channels}`;
}

/** Returns the format. @throws UsageError for the first number that is out of range */
export function checkRollFormat(format: RollFormat): RollFormat {
  const check = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new UsageError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
    }
  };
  check('the lowest pitch', format.lowestPitch, 0, 127);
  check('the number of pitches', format.pitches, 1, 128 - format.lowestPitch);
  check('the number of columns', format.columns, 8, 65_536);
  if (format.columns % 8 !== 0)
    throw new UsageError(`the number of columns must be a multiple of 8, got ${format.columns}`);
  check('columns per beat', format.columnsPerBeat, 1, 96);
  check('the number of channels', format.channels.length, 1, 64);
  const names = format.channels.map(channelName);
  const duplicate = names.find((name, i) => names.indexOf(name) !== i);
  if (duplicate !== undefined) throw new UsageError(`channel ${duplicate} is listed twice`);
  return format;
}
