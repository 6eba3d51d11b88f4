import { expect, it } from '@jest/globals';
import { replaceColumns, addSeamOnsets } from '../../../src/domain/roll/replace-columns.js';
import { drawnRoll } from '../../support/evaluation/drawn-roll.js';

it('takes the columns of a range from another roll, in every channel', () => {
  const channels = 'all:sustain,all:onset';
  const own = drawnRoll([[60, 0, 12], [60, 0, 1, 1]], { channels }); // prettier-ignore
  const kept = drawnRoll([[64, 2, 20], [64, 5, 1, 1]], { channels }); // prettier-ignore
  const { cells } = own;
  const notes = [[60, 0, 4], [60, 8, 4], [60, 0, 1, 1], [64, 4, 4], [64, 5, 1, 1]] as const; // prettier-ignore
  const wanted = drawnRoll(notes, { channels });
  expect(replaceColumns(cells, kept.cells, own.format, { from: 4, to: 8 })).toEqual(wanted.cells);
  expect(replaceColumns(cells, kept.cells, own.format, { from: 0, to: 32 })).toEqual(kept.cells);
});

it('adds an onset where a note starts at a seam, not where one crosses it', () => {
  const channels = 'melody:sustain,melody:onset,chords:sustain';
  const joined = drawnRoll([[60, 0, 8], [60, 0, 1, 1], [64, 4, 4], [67, 4, 4, 2]], { channels }); // prettier-ignore
  expect(addSeamOnsets(joined, 4)).toEqual(
    drawnRoll([[60, 0, 8], [60, 0, 1, 1], [64, 4, 4], [64, 4, 1, 1], [67, 4, 4, 2]], { channels }), // prettier-ignore
  );
  expect(addSeamOnsets(joined, 0)).toEqual(joined);
  expect(addSeamOnsets(joined, 32)).toEqual(joined);
});
