import { createEvaluate, type Evaluate } from '../evaluate/evaluate.js';
import { createReadEvaluatedTunes, type ReadEvaluatedTunes } from '../evaluate/read-evaluated-tunes.js';
import { TOKENS, type ServiceProvider } from './tokens.js';

/** What evaluates tunes, made of the parts of a program, for its container. */
export async function resolveEvaluate(services: ServiceProvider): Promise<Evaluate> {
  const [readEvaluatedTunes, datasets, files] = await Promise.all([
    services(TOKENS.readEvaluatedTunes),
    services(TOKENS.datasetStore),
    services(TOKENS.fileStore),
  ]);
  const [console, signal] = await Promise.all([services(TOKENS.console), services(TOKENS.signal)]);
  const loadRenderEvaluationPage = async () => {
    const { createRenderEvaluationPage: createRenderEvaluationPage } = await import('../evaluate/evaluation-page.js');
    return createRenderEvaluationPage(await services(TOKENS.pictureEncoder), console, signal);
  };
  return createEvaluate({ readEvaluatedTunes, datasets, files, console, signal, loadRenderEvaluationPage });
}

export async function resolveReadEvaluatedTunes(services: ServiceProvider): Promise<ReadEvaluatedTunes> {
  const [files, findTunes, datasets, runtime] = await Promise.all([
    services(TOKENS.fileStore),
    services(TOKENS.findTunes),
    services(TOKENS.datasetStore),
    services(TOKENS.generatorRuntime),
  ]);
  const [console, signal] = await Promise.all([services(TOKENS.console), services(TOKENS.signal)]);
  return createReadEvaluatedTunes({ files, findTunes, datasets, runtime, console, signal });
}
