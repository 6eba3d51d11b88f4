import { computeMidiFacts, describeMidi } from '../../domain/midi/midi-facts.js';
import { readScore, type ReadScorePorts } from '../tunes/read-score.js';
import type { InspectPath, MidiInspection } from './inspection.js';

export type InspectMidi = InspectPath<MidiInspection>;

/** Inspects a MIDI file, or a score of another format that the program reads. */
export const createInspectMidi =
  (ports: ReadScorePorts): InspectMidi =>
  async (path) => {
    const { name } = ports.scoreReaders.formatOf(path);
    const facts = computeMidiFacts(await readScore(path, ports));
    return { json: { kind: name.toLowerCase(), path, ...facts }, lines: describeMidi(facts, name) };
  };
