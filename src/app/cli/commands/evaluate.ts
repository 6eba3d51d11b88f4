import { UsageError } from '../../../domain/errors.js';
import { defineCommand } from '../command.js';
import { choice, decimal, flag, text, integer } from '../option.js';
import { DEVICES, MAX_SEED } from '../values.js';

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'measure how far tunes are from real ones, and how far other real tunes are',
  positionals: {
    usage: '<tunes>',
    describe: 'a folder of MIDI files, a .onnx model that composes them, or a dataset',
    min: 1,
    max: 1,
  },
  options: {
    against: text('dataset', 'the real tunes, a dataset that apollo prepare made', undefined),
    count: integer('number of tunes that a model composes', 2, 2000, undefined, '200'),
    seed: integer("seed of a model's tunes, those of apollo compose", 0, MAX_SEED, undefined, '1'),
    threshold: decimal(
      'probability from which a cell sounds, between 0 and 1',
      { low: 0, high: 1, open: true },
      undefined,
      "the model's own",
    ),
    device: choice('device of a model', DEVICES, undefined, 'auto'),
    report: text('file', 'write a page with histograms, and each tune next to its nearest real one', undefined),
    force: flag('replace an existing report'),
  },
  examples: [
    ['apollo evaluate runs/first/model.onnx --against data/tunes', 'two hundred tunes of a model'],
    ['apollo evaluate out --against data/tunes --report report.html', 'tunes as MIDI files, and a page to look at'],
    [
      'apollo evaluate data/held-back --against data/tunes --json',
      'real tunes that were held out, as JSON for programs',
    ],
  ],
  createAction({ against, count, seed, threshold, device, report, force }, [path]) {
    if (against === undefined) {
      throw new UsageError('--against is missing: the dataset of real tunes that apollo prepare made');
    }
    return async (services) => {
      const [evaluate, { describeEvaluation }] = await Promise.all([
        services('evaluate'),
        import('../../evaluate/describe.js'),
      ]);
      const sampling = { count, seed, threshold, device };
      const result = await evaluate({ path: path!, against, sampling, report, replace: force });
      return { lines: describeEvaluation(result), json: result };
    };
  },
});
