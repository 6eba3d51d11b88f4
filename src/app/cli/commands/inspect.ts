import { defineCommand } from '../command.js';

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'show what a MIDI file, dataset, run or model contains',
  positionals: {
    usage: '<path>',
    describe: 'a MIDI file, a .onnx model, or the folder of a dataset or run',
    min: 1,
    max: 1,
  },
  options: {},
  examples: [
    ['apollo inspect tune.mid', 'format, tracks, notes, length, tempo'],
    ['apollo inspect data/demo', 'rolls, their sources, and refused files'],
    ['apollo inspect runs/first --json', 'a run, as JSON for programs'],
  ],
  createAction(_values, [path]) {
    return async (services) => (await services('inspect'))({ path: path! });
  },
});
