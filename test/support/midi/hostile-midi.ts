import { bytesOf, chunk, END, header, meta, track, u32, variableLengthQuantity, type Bytes } from './smf-bytes.js';

/** A file that is not as it should be, or rarely is, and what becomes of it. */
interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `MIDI_CODE at byte`, or the notes as `pitch@start+duration`, then `!byte` for each warning. */
  readonly outcome: string;
}

const file = (name: string, outcome: string, ...parts: Bytes): HostileFile => ({
  name,
  outcome,
  bytes: Uint8Array.from(bytesOf(...parts)),
});

const HEAD = header(1, 1, 96); // 14 bytes, so that the track's events start at byte 22
const ON = [0, 0x90, 60, 64];
const OFF = [96, 0x80, 60, 64];
const NOTE = [...ON, ...OFF];
const PLAYED = '60@0+96';

const riff = (form: string, ...chunks: Bytes): number[] => {
  const body = bytesOf(form, ...chunks);
  return bytesOf('RIFF', u32(body.length).reverse(), body);
};
const riffChunk = (kind: string, data: readonly number[], length = data.length): number[] =>
  bytesOf(kind, u32(length).reverse(), data, data.length % 2 === 1 ? [0] : []);

const notMidi: readonly HostileFile[] = [
  file('no bytes', 'MIDI_EMPTY at 0'),
  file('one byte of the magic', 'MIDI_TRUNCATED at 1', 'M'),
  file('three bytes of the magic', 'MIDI_TRUNCATED at 3', 'MTh'),
  file('another magic', 'MIDI_NOT_MIDI at 0', 'MThx', u32(6), [0, 1, 0, 1, 0, 96]),
  file('a PNG', 'MIDI_NOT_MIDI at 0', [0x89], 'PNG\r\n', [0x1a, 0x0a], new Array<number>(40).fill(0)),
  file('zeros', 'MIDI_NOT_MIDI at 0', new Array<number>(64).fill(0)),
  file('a track without a header', 'MIDI_NOT_MIDI at 0', track(NOTE)),
  file('a WAV file', 'MIDI_NOT_MIDI at 8', riff('WAVE', riffChunk('data', [1, 2, 3, 4]))),
  file('RIFF and no more', 'MIDI_TRUNCATED at 4', 'RIFF'),
  file('RMID without data', 'MIDI_NO_TRACKS at 20', riff('RMID', riffChunk('LIST', []))),
  file(
    'RMID that holds something else',
    'MIDI_NOT_MIDI at 20',
    riff('RMID', riffChunk('data', [...u32(7), ...u32(9)])),
  ),
];

const headers: readonly HostileFile[] = [
  file('a header of 4 bytes', 'MIDI_BAD_HEADER at 4', 'MThd', u32(4), [0, 1, 0, 1], track(NOTE)),
  file('a header of no bytes', 'MIDI_BAD_HEADER at 4', 'MThd', u32(0), track(NOTE)),
  file('a cut header', 'MIDI_TRUNCATED at 11', HEAD.slice(0, 11)),
  file('a header and no more', 'MIDI_TRUNCATED at 14', HEAD),
  file('no tracks, as the header says', 'MIDI_NO_TRACKS at 14', header(1, 0, 96)),
  file('no track among other chunks', 'MIDI_NO_TRACKS at 14', HEAD, chunk('XFIH', [1, 2, 3])),
  file('a header of 4 GB before a track', `${PLAYED} !4`, 'MThd', u32(0xfffffff0), HEAD.slice(8), track(NOTE)),
  file(
    'a header of 4 GB before something else',
    'MIDI_BAD_HEADER at 4',
    'MThd',
    u32(0xfffffff0),
    HEAD.slice(8),
    [1, 2],
  ),
  file('a header of 10 bytes', PLAYED, 'MThd', u32(10), HEAD.slice(8), [1, 2, 3, 4], track(NOTE)),
  file('a header one byte too long', `${PLAYED} !4`, 'MThd', u32(7), HEAD.slice(8), track(NOTE)),
  file('format 3', 'MIDI_BAD_HEADER at 8', header(3, 1, 96), track(NOTE)),
  file('format 65535', 'MIDI_BAD_HEADER at 8', header(0xffff, 1, 96), track(NOTE)),
  file('division 0', 'MIDI_BAD_DIVISION at 12', header(1, 1, 0), track(NOTE)),
  file('23 frames a second', 'MIDI_BAD_DIVISION at 12', header(1, 1, 0xe928), track(NOTE)),
  file('25 frames of 0 ticks', 'MIDI_BAD_DIVISION at 13', header(1, 1, 0xe700), track(NOTE)),
  file('fewer tracks than the header says', `${PLAYED} !10`, header(1, 3, 96), track(NOTE)),
  file('more tracks than the header says', `${PLAYED} 60@0+96 !10`, HEAD, track(NOTE), track(NOTE)),
  file('format 0 with two tracks', `${PLAYED} 60@0+96 !10`, header(0, 2, 96), track(NOTE), track(NOTE)),
  file('format 2, laid end to end', `${PLAYED} 60@96+96`, header(2, 2, 96), track(NOTE), track(NOTE)),
];

const chunks: readonly HostileFile[] = [
  file('an unknown chunk before the track', PLAYED, HEAD, chunk('XFIH', [1, 2, 3]), track(NOTE)),
  file('an unknown chunk after the track', PLAYED, HEAD, track(NOTE), chunk('XFKM', [1, 2, 3])),
  file('an unknown chunk of 4 GB', `${PLAYED} !34`, HEAD, track(NOTE), chunk('XFKM', [1, 2, 3], 0xfffffff0)),
  file('junk between header and track', `${PLAYED} !14`, HEAD, [0, 1, 2, 3, 4], track(NOTE)),
  file('three bytes at the end', `${PLAYED} !34`, HEAD, track(NOTE), [0, 0, 0]),
  file('512 zeros at the end', `${PLAYED} !34`, HEAD, track(NOTE), new Array<number>(512).fill(0)),
  file('a track that claims 4 GB', `${PLAYED} !18`, HEAD, chunk('MTrk', [...NOTE, ...END], 0xfffffff0)),
  file(
    'a track that claims the next one',
    `${PLAYED} 60@0+96 !18`,
    header(1, 2, 96),
    chunk('MTrk', [...NOTE, ...END], 900),
    track(NOTE),
  ),
  file(
    'a track that claims a part of the next one',
    `${PLAYED} 60@0+96 !18`,
    header(1, 2, 96),
    chunk('MTrk', [...NOTE, ...END], 15),
    track(NOTE),
  ),
  file('a track that claims too little', `${PLAYED} !18`, HEAD, chunk('MTrk', [...NOTE, ...END], 6)),
  file(
    'a track that does not count its end',
    `${PLAYED} 60@0+96 !18 !30`,
    header(1, 2, 96),
    chunk('MTrk', [...NOTE, ...END], 8),
    track(NOTE),
  ),
  file('an empty track', `${PLAYED} !22`, header(1, 2, 96), chunk('MTrk', []), track(NOTE)),
  file('no end of track', `${PLAYED} !30`, HEAD, chunk('MTrk', NOTE)),
  file('events after the end of track', `${PLAYED} !34`, HEAD, chunk('MTrk', [...NOTE, ...END, 0, 0x90, 90, 90])),
  file('RMID', PLAYED, riff('RMID', riffChunk('data', bytesOf(HEAD, track(NOTE))))),
  file(
    'RMID with an odd chunk first',
    PLAYED,
    riff('RMID', riffChunk('DISP', [1, 2, 3]), riffChunk('data', bytesOf(HEAD, track(NOTE)))),
  ),
  file('RMID that claims too much', `${PLAYED} !16`, riff('RMID', riffChunk('data', bytesOf(HEAD, track(NOTE)), 5000))),
  file(
    'a bad byte in an RMID',
    'MIDI_BAD_EVENT at 45',
    riff('RMID', riffChunk('data', bytesOf(HEAD, track([0, 0x90, 60, 200])))),
  ),
];

const cuts: readonly HostileFile[] = [
  file('cut in a delta time', `${PLAYED} !18 !30`, HEAD, chunk('MTrk', [...NOTE, 0x81], 40)),
  file('cut after a delta time', `${PLAYED} !18 !30`, HEAD, chunk('MTrk', [...NOTE, 5], 40)),
  file('cut after a status byte', `${PLAYED} !18 !30`, HEAD, chunk('MTrk', [...NOTE, 5, 0x90], 40)),
  file('cut in a note', `${PLAYED} !18 !30`, HEAD, chunk('MTrk', [...NOTE, 5, 0x90, 60], 40)),
  file('cut in a meta event', `${PLAYED} !18 !30`, HEAD, chunk('MTrk', [...NOTE, 5, 0xff, 3, 20, 65], 40)),
  file('cut while a note sounds', '60@0+96 64@96+0 !18 !30 !34', HEAD, chunk('MTrk', [...NOTE, 0, 0x90, 64, 64], 40)),
  file('cut before the first note', 'MIDI_TRUNCATED at 24', HEAD, chunk('MTrk', [0, 0x90], 40)),
  file('cut in the header of the first track', 'MIDI_TRUNCATED at 19', HEAD, 'MTrk', [0]),
  file('cut in the header of the second track', `${PLAYED} !10 !34`, header(1, 2, 96), track(NOTE), 'MTrk', [0, 0]),
  file('a whole track that ends in a note', `${PLAYED} !30`, header(1, 1, 96), chunk('MTrk', [...NOTE, 5, 0x90, 60])),
];

const events: readonly HostileFile[] = [
  file('a data byte without a status', 'MIDI_BAD_EVENT at 23', HEAD, track([0, 60, 64])),
  file('a pitch of 128', 'MIDI_BAD_EVENT at 24', HEAD, track([0, 0x90, 128, 64])),
  file('a velocity of 255', 'MIDI_BAD_EVENT at 25', HEAD, track([0, 0x90, 60, 255])),
  file('a program of 200', 'MIDI_BAD_EVENT at 24', HEAD, track([0, 0xc0, 200])),
  file('a meta type of 128', 'MIDI_BAD_EVENT at 24', HEAD, track([0, 0xff, 0x80, 0])),
  file('a timing clock', 'MIDI_BAD_EVENT at 23', HEAD, track([0, 0xf8])),
  file('a song position', 'MIDI_BAD_EVENT at 23', HEAD, track([0, 0xf2, 0, 0])),
  file('a delta time of five bytes', 'MIDI_BAD_LENGTH at 22', HEAD, track([0x81, 0x80, 0x80, 0x80, 0], ON)),
  file(
    'a length of five bytes that wraps to -8',
    'MIDI_BAD_LENGTH at 25',
    HEAD,
    track([0, 0xff, 1, 0x8f, 0xff, 0xff, 0xff, 0x78]),
  ),
  file('a text past the end of its track', 'MIDI_BAD_LENGTH at 25', HEAD, track([0, 0xff, 1, 100], NOTE)),
  file('a sysex past the end of its track', 'MIDI_BAD_LENGTH at 24', HEAD, track([0, 0xf0, 0xff, 0x7f], NOTE)),
  file(
    'running status across a meta event',
    `${PLAYED} 62@96+10`,
    HEAD,
    track(ON, [0, ...meta(1, 'x')], [96, 60, 0, 0, 62, 9, 10, 62, 0]),
  ),
  file('running status across a sysex', PLAYED, HEAD, track(ON, [0, 0xf0, 2, 1, 0xf7], [96, 60, 0])),
  file('an escape with a status byte in it', PLAYED, HEAD, track([0, 0xf7, 2, 0xf3, 1], NOTE)),
  file(
    'a meta event of an unknown type, whose delta counts',
    '60@300+96',
    HEAD,
    track([...variableLengthQuantity(300), ...meta(0x60, [1, 2])], NOTE),
  ),
  file('an empty sequence number', PLAYED, HEAD, track([0, 0xff, 0, 0], NOTE)),
  file('an end of track with a length', `${PLAYED} !33`, HEAD, chunk('MTrk', [...NOTE, 0, 0xff, 0x2f, 5])),
  file('a channel prefix of no length', PLAYED, HEAD, track([0, 0xff, 0x20, 0], NOTE)),
  file('a text of 200,000 bytes', PLAYED, HEAD, track([0, ...meta(1, 'x'.repeat(200_000))], NOTE)),
];

const notes: readonly HostileFile[] = [
  file('a note never released', '60@0+50 !22', HEAD, track(ON, [50, 0xb0, 1, 1])),
  file('a note of no length', '60@0+0', HEAD, track(ON, [0, 0x80, 60, 0])),
  file('a release without a note', '', HEAD, track(OFF)),
  file('a release on another channel', '60@0+96 !22', HEAD, track(ON, [96, 0x81, 60, 0])),
  file(
    'two notes at once, one release',
    '60@0+10 60@0+20 !26',
    HEAD,
    track(ON, ON, [10, 0x80, 60, 0], [10, 0xb0, 1, 1]),
  ),
  file(
    'a longest silence',
    '60@268435455+96',
    header(1, 1, 32_767),
    track([0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64], OFF),
  ),
  file(
    'more than 24 hours',
    'MIDI_TOO_LONG at 33',
    HEAD,
    track(ON, [...variableLengthQuantity(96 * 2 * 86_400 + 1), 0x80, 60, 64]),
  ),
  file(
    '24 hours, exactly',
    `60@0+${96 * 2 * 86_400}`,
    HEAD,
    track(ON, [...variableLengthQuantity(96 * 2 * 86_400), 0x80, 60, 64]),
  ),
];

const metas: readonly HostileFile[] = [
  file('a tempo of 0', `${PLAYED} !26`, HEAD, track([0, ...meta(0x51, [0, 0, 0])], NOTE)),
  file('a tempo of two bytes', `${PLAYED} !26`, HEAD, track([0, ...meta(0x51, [7, 0xa1])], NOTE)),
  file('a tempo of no bytes', `${PLAYED} !26`, HEAD, track([0, ...meta(0x51, [])], NOTE)),
  file('a time signature of 0/4', `${PLAYED} !26`, HEAD, track([0, ...meta(0x58, [0, 2, 24, 8])], NOTE)),
  file('a time signature of 4/2^255', `${PLAYED} !26`, HEAD, track([0, ...meta(0x58, [4, 255, 24, 8])], NOTE)),
  file('a time signature of no bytes', `${PLAYED} !26`, HEAD, track([0, ...meta(0x58, [])], NOTE)),
  file('a key of 8 sharps', `${PLAYED} !26`, HEAD, track([0, ...meta(0x59, [8, 0])], NOTE)),
  file('a key of mode 2', `${PLAYED} !26`, HEAD, track([0, ...meta(0x59, [0, 2])], NOTE)),
  file('a key of no bytes', `${PLAYED} !26`, HEAD, track([0, ...meta(0x59, [])], NOTE)),
  file('a name that is not UTF-8', PLAYED, HEAD, track([0, ...meta(3, [0xff, 0xfe, 0x80])], NOTE)),
  file('a name of no length', PLAYED, HEAD, track([0, ...meta(3, '')], NOTE)),
];

export const HOSTILE_FILES: readonly HostileFile[] = [
  ...notMidi,
  ...headers,
  ...chunks,
  ...cuts,
  ...events,
  ...notes,
  ...metas,
];
