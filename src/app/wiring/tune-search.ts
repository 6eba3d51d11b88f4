import { TOKENS, type ServiceProvider } from './tokens.js';
import { createNoiseSearchFactory, type NoiseSearchFactory } from '../complete/complete.js';

/** With the program's own parts, each built only now: composing from a seed needs none of them. */
export async function resolveNoiseSearchFactory(services: ServiceProvider): Promise<NoiseSearchFactory> {
  const [files, midiReader, modelFormat, engines] = await Promise.all([
    services(TOKENS.fileStore),
    services(TOKENS.midiReader),
    services(TOKENS.modelFormat),
    services(TOKENS.engineRegistry),
  ]);
  const [machine, console] = await Promise.all([services(TOKENS.machine), services(TOKENS.console)]);
  const signal = await services(TOKENS.signal);
  return createNoiseSearchFactory({ files, midiReader, modelFormat, engines, machine, console, signal });
}
