import { bytesOf, END, header, u32 } from './smf-bytes.js';

/** A kind of file that costs much: `make(count)` gives one of `count` events, tracks or columns. */
interface LargeFile {
  readonly name: string;
  readonly count: number;
  /** Whether its time grows with `count`. */
  readonly grows: boolean;
  make(count: number): Uint8Array;
}

const ON = [0, 0x90, 60, 64];

/** One track of these events, some of them repeated. */
function fileOf(
  start: readonly number[],
  event: readonly number[],
  count: number,
  tail: readonly number[] = [],
): Uint8Array {
  const events = Buffer.concat([Buffer.from(start), repeated(event, count), Buffer.from([...tail, ...END])]);
  return Buffer.concat([Buffer.from([...header(1, 1, 96), ...bytesOf('MTrk'), ...u32(events.length)]), events]);
}

function repeated(event: readonly number[], count: number): Buffer {
  const bytes = Buffer.alloc(event.length * count);
  for (let i = 0; i < count; i++) bytes.set(event, i * event.length);
  return bytes;
}

const tracks =
  (events: readonly number[]) =>
  (count: number): Uint8Array =>
    Buffer.concat([
      Buffer.from(header(1, count, 96)),
      repeated([...bytesOf('MTrk'), ...u32(events.length), ...events], count),
    ]);

/** One note of so many ticks, at a tempo of a microsecond a beat, so that a day has room for it. */
const longNote = (ticks: number): Uint8Array =>
  fileOf(
    [
      0,
      0xff,
      0x51,
      3,
      0,
      0,
      1,
      ...ON,
      ...[21, 14, 7].map((shift) => 0x80 | ((ticks >> shift) & 127)),
      ticks & 127,
      0x80,
      60,
      64,
    ],
    [],
    0,
  );

export const LARGE_FILES: readonly LargeFile[] = [
  {
    name: '200,000 notes one after the other',
    count: 200_000,
    grows: true,
    make: (n) => fileOf(ON, [1, 60, 0, 0, 60, 64], n),
  },
  {
    name: '200,000 notes at once',
    count: 200_000,
    grows: true,
    make: (n) => fileOf(ON, [0, 60, 64], n, [1, 0xb0, 1, 1]),
  },
  { name: '200,000 notes that overlap', count: 200_000, grows: true, make: (n) => fileOf(ON, [1, 60, 64], n) },
  {
    name: 'a million events that mean nothing',
    count: 1_000_000,
    grows: true,
    make: (n) => fileOf([0, 0xb0, 1, 1], [0, 1, 1], n),
  },
  { name: '100,000 tempos', count: 100_000, grows: true, make: (n) => fileOf([], [1, 0xff, 0x51, 3, 0, 0, 9], n) },
  { name: '30,000 tracks', count: 30_000, grows: true, make: tracks([...ON, 1, 0x80, 60, 64, ...END]) },
  { name: '65,535 empty tracks', count: 65_535, grows: false, make: tracks([]) },
  {
    name: 'a text of ten megabytes',
    count: 10_000_000,
    grows: false,
    make: (n) => fileOf([0, 0xff, 3, ...[21, 14, 7].map((shift) => 0x80 | ((n >> shift) & 127)), n & 127], [65], n),
  },
  { name: 'a note of a day', count: 16_588_800 * 1, grows: false, make: longNote },
];
