import { createQuantizeTunes, type QuantizeTunes } from '../prepare/quantize-tunes.js';
import { createFindTunes, type FindTunes } from '../tunes/find-tunes.js';
import { createPrepare, type Prepare } from '../prepare/prepare.js';
import { createReadTunes } from '../tunes/read-tunes.js';
import { TOKENS, type ServiceProvider } from './tokens.js';

/** What prepares tunes, made of the parts of a program, for its container. */
export async function resolvePrepare(services: ServiceProvider): Promise<Prepare> {
  const [findTunes, quantizeTunes, openQuantizerPool] = await Promise.all([
    services(TOKENS.findTunes),
    services(TOKENS.quantizeTunes),
    services(TOKENS.openQuantizerPool),
  ]);
  const [machine, datasets, console, signal] = await Promise.all([
    services(TOKENS.machine),
    services(TOKENS.datasetStore),
    services(TOKENS.console),
    services(TOKENS.signal),
  ]);
  return createPrepare({ findTunes, quantizeTunes, openQuantizerPool, machine, datasets, console, signal });
}

export const resolveFindTunes = async (services: ServiceProvider): Promise<FindTunes> =>
  createFindTunes(...(await readingPorts(services)));

export const resolveQuantizeTunes = async (services: ServiceProvider): Promise<QuantizeTunes> =>
  createQuantizeTunes(createReadTunes(...(await readingPorts(services))));

const readingPorts = (services: ServiceProvider) =>
  Promise.all([services(TOKENS.midiLibrary), services(TOKENS.midiReader), services(TOKENS.digest)]);
