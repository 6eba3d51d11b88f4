import { computeMidiFacts, describeMidi } from '../../domain/midi/midi-facts.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import { readMidi } from '../tunes/read-midi.js';
import type { InspectPath, MidiInspection } from './inspection.js';

export type InspectMidi = InspectPath<MidiInspection>;

export const createInspectMidi =
  ({ files, midiReader }: { readonly files: FileStore; readonly midiReader: MidiReader }): InspectMidi =>
  async (path) => {
    const facts = computeMidiFacts(await readMidi(path, files, midiReader));
    return { json: { kind: 'midi', path, ...facts }, lines: describeMidi(facts) };
  };
