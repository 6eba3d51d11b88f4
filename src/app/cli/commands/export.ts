import { TOKENS } from '../../tokens.js';
import { defineCommand } from '../command.js';
import { flag, text } from '../option.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: "write a run's newest network as an ONNX model to compose with",
  arguments: { usage: '<run>', describe: 'the folder that apollo train made', least: 1, most: 1 },
  options: {
    out: text('file', 'the model to write', undefined, 'model.onnx in the folder of the run'),
    force: flag('replace a file that is there already'),
    'step-program': flag('write the training step instead, as a program that any ONNX runtime can run'),
    licence: text('words', 'licence of the weights: an SPDX expression or a sentence', undefined),
  },
  examples: [
    ['apollo export runs/first', 'writes runs/first/model.onnx'],
    ['apollo export runs/first --out tunes.onnx', 'writes it elsewhere'],
    ['apollo export runs/first --step-program', 'writes the training step, to run or look at elsewhere'],
  ],
  plan({ out, force, licence, 'step-program': stepProgram }, [run]) {
    return async (services) => {
      const [exportRun, { describeExport }] = await Promise.all([services(TOKENS.export), import('../../export.js')]);
      const result = await exportRun({ run: run!, out, replace: force, stepProgram, licence });
      return { lines: describeExport(result), json: result };
    };
  },
});
