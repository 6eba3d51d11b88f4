import { UsageError } from '../../../domain/errors.js';
import { PRECISIONS } from '../../../domain/model/precision.js';
import { defineCommand } from '../command.js';
import { choice, flag, text, integer } from '../option.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: "write a run's network as an ONNX model to compose with",
  positionals: { usage: '<run>', describe: 'the folder that apollo train made', min: 1, max: 1 },
  options: {
    out: text(
      'file',
      'the model to write',
      undefined,
      'model.onnx in the folder of the run; model-int8.onnx with --precision int8',
    ),
    best: flag('the checkpoint whose samples were nearest to real tunes, instead of the newest'),
    checkpoint: integer('the checkpoint after this step, instead of the newest', 1, Number.MAX_SAFE_INTEGER, undefined),
    force: flag('replace an existing file'),
    'step-program': flag('write the training step instead, as a program that any ONNX runtime can run'),
    precision: choice('number format of the weights', PRECISIONS, 'fp32'),
    licence: text('words', 'licence of the weights: an SPDX expression or a sentence', undefined),
  },
  examples: [
    ['apollo export runs/first', 'writes runs/first/model.onnx'],
    ['apollo export runs/first --best', 'the checkpoint that was nearest to real tunes'],
    ['apollo export runs/first --out tunes.onnx', 'writes it elsewhere'],
    ['apollo export runs/first --precision int8', 'a quarter of the bytes; says how many cells of tunes it changes'],
    ['apollo export runs/first --step-program', 'writes the training step, to run or inspect elsewhere'],
  ],
  createAction({ out, force, licence, best, checkpoint, precision, 'step-program': stepProgram }, [run]) {
    if (best && checkpoint !== undefined) {
      throw new UsageError('--best and --checkpoint each name a checkpoint: leave one of them out');
    }
    if (stepProgram && (best || checkpoint !== undefined)) {
      throw new UsageError(
        `--step-program holds no weights, so it is of no checkpoint: leave out --${best ? 'best' : 'checkpoint'}`,
      );
    }
    if (stepProgram && precision !== 'fp32') {
      throw new UsageError('--step-program holds no weights to keep smaller: leave out --precision');
    }
    return async (services) => {
      const [exportRun, { describeExport }] = await Promise.all([
        services('export'),
        import('../../export/describe.js'),
      ]);
      const result = await exportRun({
        ...{ run: run!, out, replace: force, stepProgram, licence, precision },
        checkpoint: best ? 'best' : (checkpoint ?? 'newest'),
      });
      return { lines: describeExport(result), json: result };
    };
  },
});
