// Reads a MIDI file as the program does and quantizes it. Prints the processor time in seconds and the peak memory.
// test/reliability/midi.test.ts runs it, also with the argument `nothing`, which measures Node.js alone.
import { readFileSync } from 'node:fs';

const path = process.argv[2];
let seconds = 0;
if (path !== 'nothing') {
  const { createStandardMidiReader } = await import('../../../dist/adapters/midi/standard-midi-reader.js');
  const { rollsFromTune } = await import('../../../dist/domain/dataset/rolls-from-tune.js');
  const { DEFAULT_ROLL_FORMAT } = await import('../../../dist/domain/roll/roll-format.js');
  const preparation = { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false };
  const bytes = new Uint8Array(readFileSync(path));
  const begun = process.cpuUsage();
  const { score } = createStandardMidiReader().read(bytes);
  const rolls = rollsFromTune({ name: '', content: { score, warnings: [] } }, DEFAULT_ROLL_FORMAT, preparation);
  while (!rolls.next().done);
  const { user, system } = process.cpuUsage(begun);
  seconds = (user + system) / 1e6;
}
process.stdout.write(JSON.stringify({ seconds, kilobytes: process.resourceUsage().maxRSS }));
