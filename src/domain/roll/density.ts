import { scoreFromRoll } from './score-from-roll.js';
import type { PianoRoll } from './piano-roll.js';
import { countNotes } from '../music/score.js';

/** Mean number of notes that start in a beat, up to the end of the last note; 0 for a blank roll. */
export function noteDensity(roll: PianoRoll): number {
  const score = scoreFromRoll(roll, { ticksPerBeat: roll.format.columnsPerBeat }); // one tick a column
  return score.endTick === 0 ? 0 : (countNotes(score) * score.ticksPerBeat) / score.endTick;
}
