import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { columnAt, singleRollFromScore, rollsFromScore } from '../../../src/domain/roll/quantize.js';
import { cellCount, parseChannels, type RollFormat } from '../../../src/domain/roll/roll-format.js';
import { scoreFromRoll } from '../../../src/domain/roll/score-from-roll.js';
import { compareNotes, type Note, type Score } from '../../../src/domain/music/score.js';
import { startStopwatch } from '../../support/stopwatch.js';

const [BOTH, SUSTAIN] = [parseChannels('all:sustain,all:onset'), parseChannels('all:sustain')];

const formats = (channels: RollFormat['channels']): fc.Arbitrary<RollFormat> =>
  fc
    .record({
      lowestPitch: fc.nat(127),
      pitches: fc.integer({ min: 1, max: 14 }),
      columnsPerBeat: fc.nat(11),
      words: fc.nat(2),
    })
    .map(({ lowestPitch, pitches, columnsPerBeat, words }) => ({
      lowestPitch,
      pitches: Math.min(pitches, 128 - lowestPitch),
      columns: 8 * (words + 1),
      columnsPerBeat: columnsPerBeat + 1,
      channels,
    }));

const rolls = (channels: RollFormat['channels']): fc.Arbitrary<PianoRoll> =>
  formats(channels).chain((format) =>
    fc
      .uint8Array({ minLength: cellCount(format), maxLength: cellCount(format) })
      .map((bytes) => ({ format, cells: bytes.map((byte) => (byte > 150 ? 1 : 0)) })),
  );

const writing = (format: RollFormat) =>
  fc.record({
    velocity: fc.integer({ min: 1, max: 127 }),
    ticksPerBeat: fc
      .integer({ min: 1, max: Math.floor(32_767 / format.columnsPerBeat) })
      .map((n) => n * format.columnsPerBeat),
  });

const rollsAndWriting = (channels: string) =>
  rolls(parseChannels(channels)).chain((roll) => writing(roll.format).map((options) => ({ roll, options })));

const throughScore = (roll: PianoRoll, options = {}): PianoRoll =>
  singleRollFromScore(scoreFromRoll(roll, options), roll.format);

const note = (pitch: number, startTick: number, durationTicks: number, channel = 0): Note => ({
  pitch,
  velocity: 80,
  startTick,
  durationTicks,
  channel,
});

const scoreOf = (notes: Note[], ticksPerBeat = 4, name = ''): Score => ({
  ticksPerBeat,
  tempos: [],
  timeSignatures: [],
  keySignatures: [],
  tracks: [{ name, program: 0, notes: [...notes].sort(compareNotes) }],
  endTick: notes.reduce((end, n) => Math.max(end, n.startTick + n.durationTicks), 0),
});

/** One beat a column, one octave from middle C, eight columns. */
const SMALL: RollFormat = { lowestPitch: 60, pitches: 12, columns: 8, columnsPerBeat: 1, channels: BOTH };

/** Each row that sounds, as `row: sustain/onset`, columns as `.`, `-` (sounds) and `o` (starts). */
function drawn({ cells, format: { pitches, columns } }: PianoRoll, row: number, sustain = 0, onset = 1): string {
  return Array.from({ length: columns }, (_, c) => {
    const at = (plane: number): number => cells[(plane * pitches + row) * columns + c]!;
    return at(onset) ? (at(sustain) ? 'o' : '!') : at(sustain) ? '-' : '.';
  }).join('');
}

describe('roll -> score -> roll', () => {
  test('one channel, sustain: the identity, for every range, velocity and ticks per beat', () => {
    fc.assert(
      fc.property(rollsAndWriting('all:sustain'), ({ roll, options }) => {
        expect(throughScore(roll, options)).toEqual(roll);
      }),
    );
  });

  test('two channels: any cells give a roll in normal form, on which it is the identity', () => {
    fc.assert(
      fc.property(rollsAndWriting('all:sustain,all:onset'), ({ roll, options }) => {
        const normal = throughScore(roll, options);
        const [size, { columns }] = [roll.cells.length / 2, roll.format];
        for (let i = 0; i < size; i++) {
          const [sustain, onset] = [normal.cells[i]!, normal.cells[size + i]!];
          const runStarts = sustain === 1 && (i % columns === 0 || normal.cells[i - 1] === 0);
          expect(onset).toBeLessThanOrEqual(sustain);
          if (runStarts) expect(onset).toBe(1);
          // Nothing is lost: what sounded sounds, what started starts.
          expect(sustain).toBe(roll.cells[i]! | roll.cells[size + i]!);
          if (roll.cells[size + i] === 1) expect(onset).toBe(1);
        }
        expect(throughScore(normal, options)).toEqual(normal);
      }),
    );
  });

  test.each([
    'all:onset',
    'melody:sustain,melody:onset,chords:sustain,chords:onset',
    'all:sustain,all:onset,melody:sustain',
    'Flute:sustain,all:sustain,all:onset',
    'Flute:sustain,Flute:onset,all:sustain,all:onset',
  ])('%s: settles after one round', (channels) => {
    fc.assert(
      fc.property(rollsAndWriting(channels), ({ roll, options }) => {
        const once = throughScore(roll, options);
        expect(throughScore(once, options)).toEqual(once);
      }),
    );
  });
});

describe('score -> roll', () => {
  const scores = fc
    .record({
      ticksPerBeat: fc.integer({ min: 1, max: 32_767 }),
      columnsPerBeat: fc.integer({ min: 1, max: 96 }),
      notes: fc.array(
        fc.record({ pitch: fc.nat(127), start: fc.nat(1_000), length: fc.nat(300), channel: fc.nat(15) }),
        { minLength: 1, maxLength: 12 },
      ),
    })
    .map(({ ticksPerBeat, columnsPerBeat, notes }) => ({
      score: scoreOf(
        // Positions in 64ths of a column, so that every rounding happens whatever the ticks per beat.
        notes.map((n) => {
          const tick = (part: number): number => Math.round((part * ticksPerBeat) / columnsPerBeat / 64);
          return note(n.pitch, tick(n.start), tick(n.length), n.channel);
        }),
        ticksPerBeat,
      ),
      format: { lowestPitch: 40, pitches: 50, columns: 8, columnsPerBeat, channels: BOTH },
    }));

  test('every window equals the notes drawn one cell at a time, by the documented rules', () => {
    fc.assert(
      fc.property(
        scores,
        fc.nat(7),
        fc.integer({ min: -6, max: 6 }),
        fc.boolean(),
        ({ score, format }, shift, up, fold) => {
          const { columns, pitches, lowestPitch } = format;
          const windows = new Map<number, Uint8Array>();
          let outside = 0;
          for (const n of score.tracks[0]!.notes.filter((x) => x.channel !== 9)) {
            let row = n.pitch + up - lowestPitch;
            while (fold && row >= pitches) row -= 12;
            while (fold && row < 0) row += 12;
            if (row < 0 || row >= pitches) {
              outside++;
              continue;
            }
            const nearest = (tick: number): number =>
              Math.floor((tick * format.columnsPerBeat) / score.ticksPerBeat + 0.5);
            const start = nearest(n.startTick);
            const end = Math.max(nearest(n.startTick + n.durationTicks), start + 1);
            for (let column = start; column < end; column++) {
              const [index, local] = [Math.floor(column / columns), (column % columns) + shift];
              if (local >= columns) continue;
              if (!windows.has(index)) windows.set(index, new Uint8Array(cellCount(format)));
              const cells = windows.get(index)!;
              cells[row * columns + local] = 1;
              if (column === start || local === shift) cells[(pitches + row) * columns + local] = 1;
            }
          }
          const got = rollsFromScore(score, format, { fold, shiftColumns: shift, transpose: up });
          const want = [...windows.keys()].sort((a, b) => a - b).map((index) => windows.get(index)!);
          expect(got.rolls.map(({ cells }) => [...cells])).toEqual(want.map((cells) => [...cells]));
          expect(got.notesOutside).toBe(outside);
          expect(got.notes).toBe(score.tracks[0]!.notes.length);
          expect(got.drumNotes).toBe(score.tracks[0]!.notes.filter((x) => x.channel === 9).length);
        },
      ),
    );
  });

  test('the same tune at another resolution gives the same roll', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 2, max: 9 }), ({ score, format }, factor) => {
        const finer = scoreOf(
          score.tracks[0]!.notes.map((n) => ({
            ...n,
            startTick: n.startTick * factor,
            durationTicks: n.durationTicks * factor,
          })),
          score.ticksPerBeat * factor,
        );
        expect(rollsFromScore(finer, format)).toEqual(rollsFromScore(score, format));
      }),
    );
  });

  test.each([
    [0, 0],
    [1, 0],
    [2, 1], // half a column rounds up
    [3, 1],
    [5, 1],
    [6, 2],
  ])('tick %i of 4 is in column %i', (tick, column) => {
    expect(columnAt(tick, 4, 1)).toBe(column);
  });

  test('a repeated note keeps its onset, and a note that crosses the border has one in the next roll', () => {
    const { rolls: got } = rollsFromScore(scoreOf([note(62, 4, 8), note(62, 12, 28)]), SMALL);
    expect(got.map((roll) => drawn(roll, 2))).toEqual(['.o-o----', 'o-......']);
    expect(got.map((roll) => drawn(roll, 3))).toEqual(['........', '........']);
  });

  test('a window may start anywhere, and may be blank', () => {
    const score = scoreOf([note(62, 4, 12), note(64, 80, 4)]);
    expect(drawn(singleRollFromScore(score, SMALL, { startColumn: 2 }), 2)).toBe('o-......');
    expect(singleRollFromScore(score, SMALL, { startColumn: 8 }).cells.every((cell) => cell === 0)).toBe(true);
    expect(drawn(singleRollFromScore(score, SMALL, { startColumn: 15 }), 4)).toBe('.....o..');
  });

  test('`first` keeps the first window only', () => {
    const { rolls: got } = rollsFromScore(scoreOf([note(62, 4, 60), note(64, 40, 4)]), SMALL, { windows: 'first' });
    expect(got.map((roll) => drawn(roll, 2))).toEqual(['.o------']);
    expect(rollsFromScore(scoreOf([note(64, 40, 4)]), SMALL, { windows: 'first' }).rolls).toEqual([]);
  });

  test('melody is the highest sounding note, chords are the rest, drums are neither', () => {
    const format = { ...SMALL, channels: parseChannels('melody:sustain,melody:onset,chords:sustain,chords:onset') };
    const score = scoreOf([note(60, 0, 28), note(67, 8, 12), note(71, 0, 32, 9)]);
    const roll = singleRollFromScore(score, format);
    expect([drawn(roll, 0, 0, 1), drawn(roll, 0, 2, 3)]).toEqual(['o-...o-.', '..o--...']);
    expect([drawn(roll, 7, 0, 1), drawn(roll, 7, 2, 3)]).toEqual(['..o--...', '........']);
    expect(roll.cells.filter((cell) => cell === 1)).toHaveLength(10 + 4);
  });

  test("a track's name is a voice", () => {
    const [flute, bass] = [scoreOf([note(65, 0, 8)], 4, 'Flute'), scoreOf([note(60, 0, 16)], 4, 'Bass')];
    const format = { ...SMALL, channels: parseChannels('Bass:sustain,Bass:onset') };
    const roll = singleRollFromScore({ ...flute, tracks: [...flute.tracks, ...bass.tracks] }, format);
    expect([drawn(roll, 0), drawn(roll, 5)]).toEqual(['o---....', '........']);
  });

  test('silence takes neither time nor memory', () => {
    const { rolls: got } = rollsFromScore(scoreOf([note(60, 0, 4), note(64, 2 ** 40, 4)]), SMALL);
    expect(got.map((roll) => [drawn(roll, 0), drawn(roll, 4)])).toEqual([
      ['o.......', '........'],
      ['........', 'o.......'],
    ]);
  });

  test('a hanging note does not use up the memory, and many of them take linear time', () => {
    expect(() => rollsFromScore(scoreOf([note(60, 0, 2 ** 50)]), SMALL)).toThrow('more than 1000000 columns');
    const hanging = Array.from({ length: 20_000 }, (_, i) => note(60, i, 3_000_000 - i));
    const spent = startStopwatch();
    expect(rollsFromScore(scoreOf(hanging), SMALL).rolls).toHaveLength(93_750);
    expect(spent()).toBeLessThan(3_000);
  });

  test('a layback of all columns is refused', () => {
    expect(() => rollsFromScore(scoreOf([note(60, 0, 4)]), SMALL, { shiftColumns: 8 })).toThrow(
      'from 0 to 7 columns, got 8',
    );
  });
});

describe('roll -> score', () => {
  const cells = (sustain: string, onset: string): PianoRoll => ({
    format: { ...SMALL, pitches: 1 },
    cells: Uint8Array.from([...sustain, ...onset], Number),
  });

  test.each([
    ['a note at each onset', '11110000', '10100000', ['0+2', '2+2']],
    ['a run without an onset', '01110000', '00000000', ['1+3']],
    ['an onset inside a run that lacks its own', '01110000', '00010000', ['1+2', '3+1']],
    ['an onset without sustain', '00110000', '01000000', ['1+1', '2+2']],
    ['a note in the last column', '00000011', '00000010', ['6+2']],
  ])('%s', (_, sustain, onset, want) => {
    const { tracks } = scoreFromRoll(cells(sustain, onset), { ticksPerBeat: 1 });
    expect(tracks[0]!.notes.map((n) => `${n.startTick}+${n.durationTicks}`)).toEqual(want);
  });

  test('says tempo, time signature, program, velocity and end', () => {
    const score = scoreFromRoll(cells('01100000', '01000000'), {
      qpm: 90,
      program: 73,
      velocity: 101,
      timeSignature: { numerator: 6, denominator: 8 },
    });
    expect(score).toEqual({
      ticksPerBeat: 480,
      tempos: [{ tick: 0, microsecondsPerBeat: 666_667 }],
      timeSignatures: [{ tick: 0, numerator: 6, denominator: 8 }],
      keySignatures: [],
      tracks: [
        {
          name: 'all',
          program: 73,
          notes: [{ pitch: 60, velocity: 101, startTick: 480, durationTicks: 960, channel: 0 }],
        },
      ],
      endTick: 1440,
    });
  });

  test('no two voices write the same cell, and none uses the drum channel', () => {
    const names = Array.from({ length: 20 }, (_, i) => `T${i}:sustain`).join(',');
    const format = { ...SMALL, pitches: 1, channels: parseChannels(`all:sustain,${names}`) };
    const roll = { format, cells: new Uint8Array(cellCount(format)).fill(1) };
    const { tracks } = scoreFromRoll(roll);
    expect(tracks.map(({ notes }) => notes.length)).toEqual([0, 1, ...Array<number>(19).fill(0)]);
    const apart = { format, cells: roll.cells.map((_, i) => (i % 8 === Math.floor(i / 8) % 8 ? 1 : 0)) };
    expect(scoreFromRoll(apart).tracks.flatMap(({ notes }) => notes.map((n) => n.channel))).not.toContain(9);
  });

  test.each([
    [{ ticksPerBeat: 100 }, 'choose ticks per beat that 3 divides'],
    [{ ticksPerBeat: 0 }, 'ticks per beat must be a whole number from 1 to 32767, got 0'],
    [{ velocity: 0 }, 'the velocity must be a whole number from 1 to 127, got 0'],
    [{ velocity: 128 }, 'got 128'],
    [{ program: 128 }, 'the program must be'],
    [{ qpm: 1 }, 'got 60000000'],
    [{ qpm: NaN }, 'got NaN'],
    [{ timeSignature: { numerator: 4, denominator: 3 } }, 'a power of two, got 3'],
  ])('refuses %j', (options, message) => {
    const format = { ...SMALL, columnsPerBeat: 3, channels: SUSTAIN };
    expect(() => scoreFromRoll({ format, cells: new Uint8Array(cellCount(format)) }, options)).toThrow(message);
  });
});
