import { makeStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { makeStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { midiContract } from '../../contracts/midi.contract.js';

midiContract('standard', async () => ({ reader: makeStandardMidiReader(), writer: makeStandardMidiWriter() }));
