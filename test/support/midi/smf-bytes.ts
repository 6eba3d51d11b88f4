/** A Standard MIDI File put together by hand: numbers are bytes, a text is its characters. */
export type Bytes = readonly (number | string | readonly number[])[];

export const bytesOf = (...parts: Bytes): number[] =>
  parts.flatMap((part): readonly number[] => {
    if (typeof part === 'number') return [part];
    return typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : part;
  });

const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** A variable-length number. */
export const variableLengthQuantity = (value: number): number[] =>
  value < 0x80
    ? [value]
    : [...variableLengthQuantity(Math.floor(value / 0x80)).map((byte) => byte | 0x80), value % 0x80];

export const header = (format: number, tracks: number, division: number): number[] =>
  bytesOf('MThd', u32(6), u16(format), u16(tracks), u16(division));

/** `length` other than the true one for damaged files. */
export const chunk = (kind: string, data: readonly number[], length = data.length): number[] =>
  bytesOf(kind, u32(length), data);

export const END = [0, 0xff, 0x2f, 0];

/** A track with its end. */
export const track = (...events: Bytes): number[] => chunk('MTrk', bytesOf(...events, END));

export const meta = (type: number, data: readonly number[] | string): number[] =>
  bytesOf(0xff, type, variableLengthQuantity(data.length), data);
