import { describeProgram, PROGRAM_NAMES, substituteProgram } from './general-midi.js';
import type { Part, ScorePerformance } from './score-performance.js';

/** The instruments of a SoundFont. */
export interface AvailableInstruments {
  /** General MIDI programs, at least one. */
  readonly programs: ReadonlySet<number>;
  readonly hasDrums: boolean;
}

/** Parts that the SoundFont can play, and a sentence for each instrument that it lacks. */
interface InstrumentAssignment {
  readonly parts: readonly Part[];
  readonly notices: readonly string[];
}

/** Gives each part its instrument or the most similar one that there is. Without a drum kit drums are silent. */
export function assignInstruments(
  { parts }: ScorePerformance,
  { programs, hasDrums }: AvailableInstruments,
): InstrumentAssignment {
  const assigned: Part[] = [];
  const notices: string[] = [];
  for (const part of parts) {
    if (part.isDrums) {
      if (hasDrums) assigned.push(part);
      else notices.push(`the SoundFont has no drum kit: ${countWithVerb(part.notes.length, 'drum note')} silent`);
      continue;
    }
    const program = substituteProgram(part.program, programs);
    if (program !== part.program) {
      notices.push(`the SoundFont has no ${describeProgram(part.program)}: ${PROGRAM_NAMES[program]} plays instead`);
    }
    assigned.push({ ...part, program });
  }
  return { parts: assigned, notices };
}

const countWithVerb = (count: number, what: string): string => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);
