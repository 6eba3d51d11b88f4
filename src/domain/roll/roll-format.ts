import { UsageError } from '../errors.js';

/** `sustain`: every column in which a note sounds. `onset`: only the column in which it starts. */
export type ChannelKind = 'sustain' | 'onset';

/** One plane of a roll: whose notes, and which of their columns. */
export interface RollChannel {
  /** `all`, `melody` (the track that is one, or the highest sounding note), `chords` (all but the melody), or a track's name. */
  readonly voice: string;
  readonly kind: ChannelKind;
}

/** What the cells of a piano roll mean. */
export interface RollFormat {
  /** MIDI pitch of row 0, 0..127. */
  readonly lowestPitch: number;
  /** Rows; lowestPitch + pitches is at most 128. */
  readonly pitches: number;
  /** Time steps, a multiple of 8 (rolls are packed eight columns a byte). */
  readonly columns: number;
  readonly columnsPerBeat: number;
  readonly channels: readonly RollChannel[];
}

/** The seed's format: one channel, half-beat columns, E#1/F#1 (30) to A6 (93): 256 columns hold a whole folk tune. */
export const DEFAULT_ROLL_FORMAT: RollFormat = {
  lowestPitch: 30,
  pitches: 64,
  columns: 256,
  columnsPerBeat: 2,
  channels: [{ voice: 'all', kind: 'sustain' }],
};

/** How many cells a roll of this format has. */
export const cellCount = (format: RollFormat): number => format.channels.length * format.pitches * format.columns;

/** [channels, pitches, columns] */
export const rollShape = (format: RollFormat): readonly [number, number, number] => [
  format.channels.length,
  format.pitches,
  format.columns,
];

/** `all:sustain` */
export const channelName = (channel: RollChannel): string => `${channel.voice}:${channel.kind}`;

/** Reads `all:sustain,all:onset`. */
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

/** The voices that mean the same in every score, whatever its tracks are called. */
export const isDerivedVoice = (voice: string): boolean => voice === 'melody' || voice === 'chords';

export const sameChannels = (a: readonly RollChannel[], b: readonly RollChannel[]): boolean =>
  a.map(channelName).join() === b.map(channelName).join();

export const sameFormat = (a: RollFormat, b: RollFormat): boolean => describeFormat(a) === describeFormat(b);

/** `64 pitches from 30, 256 columns, 2 a beat, all:sustain` */
export function describeFormat(format: RollFormat): string {
  const channels = format.channels.map(channelName).join(' + ');
  return `${format.pitches} pitches from ${format.lowestPitch}, ${format.columns} columns, ${format.columnsPerBeat} a beat, ${channels}`;
}

/** Returns the format when every number is in range; throws a UsageError that names the first that is not. */
export function checkRollFormat(format: RollFormat): RollFormat {
  const whole = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new UsageError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
    }
  };
  whole('the lowest pitch', format.lowestPitch, 0, 127);
  whole('the number of pitches', format.pitches, 1, 128 - format.lowestPitch);
  whole('the number of columns', format.columns, 8, 65_536);
  if (format.columns % 8 !== 0)
    throw new UsageError(`the number of columns must be a multiple of 8, got ${format.columns}`);
  whole('columns per beat', format.columnsPerBeat, 1, 96);
  whole('the number of channels', format.channels.length, 1, 64);
  const names = format.channels.map(channelName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`channel ${twice} is named twice`);
  return format;
}
