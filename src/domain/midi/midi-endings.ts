/** Endings of the names of MIDI files, with their dot, in lower case. */
export const MIDI_ENDINGS = ['.mid', '.midi', '.smf', '.kar', '.rmi'] as const;
