import { describeProgram, PROGRAM_NAMES, substituteProgram } from './general-midi.js';
import type { Part, ScorePerformance } from './score-performance.js';

/** What there is to play with. */
export interface AvailableInstruments {
  /** General MIDI programs that have an instrument, at least one. */
  readonly programs: ReadonlySet<number>;
  readonly hasDrums: boolean;
}

/** A performance that the instruments can play, and a sentence for each wish that they cannot fulfil. */
export interface InstrumentAssignment {
  readonly parts: readonly Part[];
  readonly notices: readonly string[];
}

/** Gives each part an instrument that is there: its own, or the nearest of its kind. Without a drum kit drums are silent. */
export function assignInstruments(
  { parts }: ScorePerformance,
  { programs, hasDrums }: AvailableInstruments,
): InstrumentAssignment {
  const seated: Part[] = [];
  const notices: string[] = [];
  for (const part of parts) {
    if (part.isDrums) {
      if (hasDrums) seated.push(part);
      else notices.push(`the SoundFont has no drum kit: ${countWithVerb(part.notes.length, 'drum note')} silent`);
      continue;
    }
    const program = substituteProgram(part.program, programs);
    if (program !== part.program) {
      notices.push(`the SoundFont has no ${describeProgram(part.program)}: ${PROGRAM_NAMES[program]} plays instead`);
    }
    seated.push({ ...part, program });
  }
  return { parts: seated, notices };
}

const countWithVerb = (count: number, what: string): string => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);
