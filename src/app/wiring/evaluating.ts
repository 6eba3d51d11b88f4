import { makeEvaluate, type Evaluate } from '../evaluate/evaluate.js';
import { makeReadEvaluatedTunes, type ReadEvaluatedTunes } from '../evaluate/read-evaluated-tunes.js';
import { TOKENS, type Services } from './tokens.js';

/** What evaluates tunes, made of the parts of a program, for its container. */
export async function evaluateFrom(services: Services): Promise<Evaluate> {
  const [read, datasets, files] = await Promise.all([
    services(TOKENS.readEvaluatedTunes),
    services(TOKENS.datasetStore),
    services(TOKENS.fileStore),
  ]);
  const [console, signal] = await Promise.all([services(TOKENS.console), services(TOKENS.signal)]);
  const page = async () => {
    const { makeEvaluationPage } = await import('../evaluate/evaluation-page.js');
    return makeEvaluationPage(await services(TOKENS.pictureEncoder), console, signal);
  };
  return makeEvaluate({ read, datasets, files, console, signal, page });
}

export async function readEvaluatedTunesFrom(services: Services): Promise<ReadEvaluatedTunes> {
  const [files, findTunes, datasets, runtime] = await Promise.all([
    services(TOKENS.fileStore),
    services(TOKENS.findTunes),
    services(TOKENS.datasetStore),
    services(TOKENS.generatorRuntime),
  ]);
  const [console, signal] = await Promise.all([services(TOKENS.console), services(TOKENS.signal)]);
  return makeReadEvaluatedTunes({ files, findTunes, datasets, runtime, console, signal });
}
