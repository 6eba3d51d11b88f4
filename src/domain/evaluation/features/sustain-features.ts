import { channelName } from '../../roll/roll-format.js';
import { ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Consistency of sustains and onsets. In a roll that is cut from a score every run of sustain starts with an onset. */
export const SUSTAIN_FEATURES: readonly Feature[] = [
  {
    name: 'orphan sustains',
    unit: 'share',
    meaning: 'sustained cells before any onset of their run; 0 in a format without onsets',
    compute: orphanSustains,
  },
];

/** Counts in the sustain channels that have an onset channel: that of the voice, else `all:onset`. */
function orphanSustains({ roll: { cells }, format }: AudibleNotes): number {
  const { channels, pitches, columns } = format;
  const names = channels.map(channelName);
  let [orphans, sustained] = [0, 0];
  for (const [channel, { voice, kind }] of channels.entries()) {
    const own = names.indexOf(`${voice}:onset`);
    const onsets = own >= 0 ? own : names.indexOf('all:onset');
    if (kind !== 'sustain' || onsets < 0) continue;
    for (let row = 0; row < pitches; row++) {
      const at = (channel * pitches + row) * columns;
      const onsetAt = (onsets * pitches + row) * columns;
      let hasOnset = false;
      for (let column = 0; column < columns; column++) {
        const sounds = cells[at + column] !== 0;
        hasOnset = sounds && (hasOnset || cells[onsetAt + column] !== 0);
        if (!sounds) continue;
        sustained++;
        if (!hasOnset) orphans++;
      }
    }
  }
  return ratio(orphans, sustained);
}
