import { describe, expect, it } from '@jest/globals';
import { checkPreparation, augmentations } from '../../../src/domain/dataset/augment.js';
import type { PreparationOptions, SourceReport } from '../../../src/domain/dataset/manifest.js';
import { rollsFromTune, type Tune } from '../../../src/domain/dataset/rolls-from-tune.js';
import { UsageError } from '../../../src/domain/errors.js';
import { unpackRoll, type PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import type { RollFormat } from '../../../src/domain/roll/roll-format.js';
import type { Score } from '../../../src/domain/music/score.js';

const FORMAT: RollFormat = {
  lowestPitch: 60,
  pitches: 8,
  columns: 8,
  columnsPerBeat: 2,
  channels: [{ voice: 'all', kind: 'sustain' }],
};
const PLAIN: PreparationOptions = { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false };

/** Notes of one column each, given as [pitch, column]. */
const score = (...notes: readonly NoteAt[]): Score => scoreOf(notes);

type NoteAt = readonly [pitch: number, column: number, channel?: number];

function scoreOf(notes: readonly NoteAt[]): Score {
  return {
    ticksPerBeat: 2,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [
      {
        name: '',
        program: 0,
        notes: notes.map(([pitch, startTick, channel = 0]) => ({
          pitch,
          velocity: 80,
          startTick,
          durationTicks: 1,
          channel,
        })),
      },
    ],
    endTick: 99,
  };
}

function take(tune: Tune, options = PLAIN): { rolls: PianoRoll[]; report: SourceReport } {
  const rolls: PianoRoll[] = [];
  const all = rollsFromTune(tune, FORMAT, options);
  for (let next = all.next(); ; next = all.next()) {
    if (next.done) return { rolls, report: next.value };
    rolls.push(unpackRoll(next.value, FORMAT)); // good until the next is asked for
  }
}

/** Row and column of each cell that is on. */
const places = ({ cells }: PianoRoll): string =>
  [...cells].flatMap((cell, i) => (cell ? [`${Math.floor(i / 8)},${i % 8}`] : [])).join(' ');

describe('augmentations', () => {
  it('are ordered by transposition, then layback', () => {
    expect([...augmentations({ ...PLAIN, layback: 2, transpose: { from: -1, to: 1 } })]).toEqual(
      [-1, 0, 1].flatMap((transpose) => [0, 1].map((shiftColumns) => ({ transpose, shiftColumns }))),
    );
    expect([...augmentations({ ...PLAIN, layback: 4, transpose: { from: -5, to: 6 } })]).toHaveLength(48);
  });

  it('must be in range', () => {
    for (const layback of [0, 9, 1.5, NaN])
      expect(() => checkPreparation({ ...PLAIN, layback }, FORMAT)).toThrow(UsageError);
    for (const [from, to] of [
      [1, 0],
      [-128, 0],
      [0, 128],
      [0, 0.5],
    ] as const) {
      expect(() => checkPreparation({ ...PLAIN, transpose: { from, to } }, FORMAT)).toThrow(UsageError);
    }
    expect(checkPreparation({ ...PLAIN, layback: 8, transpose: { from: -127, to: 127 } }, FORMAT).layback).toBe(8);
  });
});

describe('rollsFromTune', () => {
  const tune = (content: Tune['content'], sha256?: string): Tune => ({
    name: 'x.mid',
    content,
    ...(sha256 ? { sha256 } : {}),
  });

  it('yields all copies in order and counts them', () => {
    const { rolls, report } = take(tune({ score: score([61, 0], [62, 9]), warnings: [] }, 'ff'), {
      ...PLAIN,
      layback: 2,
      transpose: { from: 0, to: 1 },
    });
    expect(rolls.map(places)).toEqual(['1,0', '2,1', '1,1', '2,2', '2,0', '3,1', '2,1', '3,2']);
    expect(report).toEqual({ name: 'x.mid', sha256: 'ff', outcome: 'used', rolls: 8, notes: 2, notesOutside: 0 });
  });

  it('reports damaged, empty and refused sources with the reason', () => {
    const damaged = take(tune({ score: score([61, 0], [90, 1]), warnings: ['byte 9: odd', 'byte 12: odder'] })).report;
    expect(damaged).toMatchObject({
      outcome: 'damaged',
      reason: 'byte 9: odd (and 1 more)',
      rolls: 1,
      notes: 2,
      notesOutside: 1,
    });
    expect(take(tune({ score: score(), warnings: [] })).report).toMatchObject({
      outcome: 'empty',
      reason: 'it has no notes',
    });
    expect(take(tune({ score: score([59, 0], [68, 1]), warnings: [] })).report).toMatchObject({
      outcome: 'empty',
      reason: 'its 2 notes are all outside the pitches 60..67',
      notes: 2,
      notesOutside: 2,
    });
    expect(take(tune({ score: score([61, 0, 9]), warnings: ['byte 3: cut'] })).report).toMatchObject({
      outcome: 'empty',
      reason: 'its 1 notes are all for drums; byte 3: cut',
    });
    expect(take(tune({ refused: 'byte 0: no MIDI', code: 'MIDI_NOT_MIDI', offset: 0 })).report).toEqual({
      code: 'MIDI_NOT_MIDI',
      offset: 0,
      name: 'x.mid',
      outcome: 'refused',
      reason: 'byte 0: no MIDI',
      rolls: 0,
      notes: 0,
      notesOutside: 0,
    });
  });

  it('refuses endless music', () => {
    const { rolls, report } = take(
      tune({ score: scoreOf(Array.from({ length: 125_001 }, (_, i) => [61, i * 8] as const)), warnings: [] }),
    );
    expect(rolls).toEqual([]);
    expect(report).toMatchObject({ outcome: 'refused', notes: 125_001 });
    expect(report.reason).toMatch(/columns/);
    expect(report.reason).not.toMatch(/byte/);
  });
});
