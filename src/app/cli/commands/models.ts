import { defineCommand } from '../command.js';
import { integer } from '../option.js';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'list the networks that can be trained, and the trained models of Apollo',
  options: {
    depth: integer('depth for which to count the parameters', 1, 4096, undefined, "each network's own"),
  },
  examples: [
    ['apollo models', 'names, shapes and parameter counts'],
    ['apollo models --depth 128', 'the same for wider networks'],
  ],
  createAction({ depth }) {
    return async (services) => {
      const [listModels, { describeModels }] = await Promise.all([
        services('listModels'),
        import('../../models/describe.js'),
      ]);
      const list = await listModels({ depth });
      return { lines: describeModels(list), json: list };
    };
  },
});
