import { makeCutTunes, type CutTunes } from '../prepare/quantize-tunes.js';
import { makeFindTunes, type FindTunes } from '../tunes/find-tunes.js';
import { makePrepare, type Prepare } from '../prepare/prepare.js';
import { makeReadTunes } from '../tunes/read-tunes.js';
import { TOKENS, type Services } from './tokens.js';

/** What prepares tunes, made of the parts of a program, for its container. */
export async function prepareFrom(services: Services): Promise<Prepare> {
  const [findTunes, cutTunes, workforce] = await Promise.all([
    services(TOKENS.findTunes),
    services(TOKENS.cutTunes),
    services(TOKENS.tuneCutters),
  ]);
  const [machine, store, console, signal] = await Promise.all([
    services(TOKENS.machine),
    services(TOKENS.datasetStore),
    services(TOKENS.console),
    services(TOKENS.signal),
  ]);
  return makePrepare({ findTunes, cutTunes, workforce, machine, store, console, signal });
}

export const findTunesFrom = async (services: Services): Promise<FindTunes> =>
  makeFindTunes(...(await readingPorts(services)));

export const cutTunesFrom = async (services: Services): Promise<CutTunes> =>
  makeCutTunes(makeReadTunes(...(await readingPorts(services))));

const readingPorts = (services: Services) =>
  Promise.all([services(TOKENS.midiLibrary), services(TOKENS.midiReader), services(TOKENS.digest)]);
