import { computeMidiFacts, type MidiFacts } from '../../domain/midi/midi-facts.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import { readMidi } from '../tunes/read-midi.js';

export interface MidiInspection extends MidiFacts {
  readonly kind: 'midi';
  readonly path: string;
}

export type InspectMidi = (path: string) => Promise<MidiInspection>;

export const createInspectMidi =
  ({ files, midiReader }: { readonly files: FileStore; readonly midiReader: MidiReader }): InspectMidi =>
  async (path) => {
    return { kind: 'midi', path, ...computeMidiFacts(await readMidi(path, files, midiReader)) };
  };
