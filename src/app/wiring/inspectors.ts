import type { Inspectors } from '../inspect/inspect.js';
import { TOKENS, type ServiceProvider } from './tokens.js';

/** Each loads what it needs when there is something for it to inspect. */
export function createInspectors(services: ServiceProvider): Inspectors {
  return {
    midi: async (path) => {
      const { describeMidi } = await import('../../domain/midi/midi-facts.js');
      const json = await (await services(TOKENS.inspectMidi))(path);
      return { json, lines: describeMidi(json) };
    },
    dataset: async (path) => {
      const { describeDataset } = await import('../inspect/inspect-dataset.js');
      const json = await (await services(TOKENS.inspectDataset))(path);
      return { json, lines: describeDataset(json) };
    },
    run: async (path) => {
      const { describeRun } = await import('../inspect/inspect-run.js');
      const json = await (await services(TOKENS.inspectRun))(path);
      return { json, lines: describeRun(json) };
    },
    model: async (path) => {
      const { describeModel } = await import('../inspect/inspect-model.js');
      const json = await (await services(TOKENS.inspectModel))(path);
      return { json, lines: describeModel(json) };
    },
  };
}
