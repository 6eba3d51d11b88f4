import { midiContract } from '../../contracts/midi.contract.js';
import { fakeMidi } from './fake-midi.js';

midiContract(
  'fake',
  async () => fakeMidi(),
  ({ expectedScore }, writer) => writer.write(expectedScore),
);
