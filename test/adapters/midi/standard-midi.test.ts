import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { midiContract } from '../../contracts/midi.contract.js';

midiContract('standard', async () => ({ reader: createStandardMidiReader(), writer: createStandardMidiWriter() }));
