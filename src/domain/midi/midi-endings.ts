/** Endings of the names of MIDI files, with their dot, in lower case. */
export const MIDI_ENDINGS = ['.mid', '.midi', '.smf', '.kar', '.rmi'] as const;

/** The endings as messages and help name them. */
export const MIDI_ENDINGS_TEXT = MIDI_ENDINGS.join(', ');

const ENDING_PATTERN = new RegExp(`(?:${MIDI_ENDINGS.join('|').replaceAll('.', '[.]')})$`, 'i');

/** Whether a name or path ends as those of MIDI files do, in upper or lower case. */
export const isMidiName = (name: string): boolean => ENDING_PATTERN.test(name);

/** The name without its ending, if that is the ending of a MIDI file. */
export const stripMidiEnding = (name: string): string => name.replace(ENDING_PATTERN, '');
