import { loadToneMidi } from '../../../src/adapters/midi/tonejs-midi.js';
import { midiContract } from '../../contracts/midi.contract.js';

midiContract('tonejs', loadToneMidi);
