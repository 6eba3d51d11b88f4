import { checkComposeOptions } from '../../domain/composing/compose-options.js';
import { AlreadyExistsError, UsageError } from '../../domain/errors.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import { blankRoll } from '../../domain/roll/piano-roll.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { FileStore } from '../../ports/file-store.js';
import { withPathInError } from '../models/path-in-error.js';
import type { RenderRequest } from '../render/render.js';
import { fileName } from '../tunes/file-name.js';
import { scoreOptions } from '../tunes/tune-facts.js';
import { tuneFiles } from '../tunes/tune-files.js';
import type { Compose, ComposedTune, ComposePorts, ComposeRequest, ComposeResult } from './compose-request.js';
import { composeTunes, type ComposeContext } from './compose-tunes.js';
import { openTuneSampler } from './tune-sampler.js';

/**
 * Composes tunes from noise: a MIDI file and a picture each, and their sound when it is asked for. Nothing is written
 * unless the request and the model are good.
 */
export const createCompose =
  (ports: ComposePorts): Compose =>
  async (request) => {
    checkRequest(request);
    const model = await ports.files.read(request.model, MODEL_BYTES_LIMIT);
    if (!request.replace) await refuseExistingFiles(ports.files, request);
    const composed = await composeWith(model, request, ports);
    if (request.sound === undefined) return composed;
    return { ...composed, tunes: await renderSounds(composed.tunes, request.sound, ports) };
  };

/** From this count on a tune writer in a thread of its own pays: it takes as long to start as 30 tunes to write. */
const MIN_TUNES_FOR_THREAD = 48;

/** Opens the tune writer, the generator and the sampler, composes, and closes them again. */
async function composeWith(model: Uint8Array, request: ComposeRequest, ports: ComposePorts): Promise<ComposeResult> {
  const isMany = request.count >= MIN_TUNES_FOR_THREAD;
  const tuneWriter = await ports.openTuneWriter(isMany);
  try {
    // The writer's thread gets a core that the model leaves: with both on all cores, the two took half as long again.
    const reservedCores = isMany ? 1 : 0;
    const generator = await withPathInError(request.model, () =>
      ports.runtime.load(model, request.device, reservedCores),
    );
    try {
      if (generator.notice !== '') ports.console.warn(generator.notice);
      const sampler = await withPathInError(request.model, () =>
        openTuneSampler(generator, model, request, ports.loadNoiseSearchFactory),
      );
      try {
        return await composeAll({ generator, sampler, request, ports, tuneWriter });
      } finally {
        await sampler.release();
      }
    } finally {
      await generator.release();
    }
  } finally {
    await tuneWriter.close();
  }
}

async function composeAll(context: ComposeContext): Promise<ComposeResult> {
  const { generator, sampler, request } = context;
  const { model, seed, out } = request;
  const { architecture, depth, threshold: usual, rollFormat } = generator.metadata;
  // The scores' options are checked before the first file is written.
  scoreFromRoll(blankRoll(rollFormat), scoreOptions(request, rollFormat));
  const { tunes, drawing } = await composeTunes(context);
  return {
    ...{ model, architecture, depth, device: generator.device, seed, out, tunes, drawing },
    source: sampler.source,
    likeness: sampler.likeness,
    threshold: request.threshold ?? usual,
  };
}

/** Renders the sound of each tune from its MIDI file. */
async function renderSounds(
  tunes: readonly ComposedTune[],
  sound: NonNullable<RenderRequest['sound']>,
  { loadRender }: ComposePorts,
): Promise<readonly ComposedTune[]> {
  const render = await loadRender();
  const paths = tunes.map(({ midi }) => midi);
  const rendered = await render({ paths, picture: undefined, sound, qpm: undefined, out: undefined, replace: true });
  return tunes.map((tune, i) => {
    const { wav, wavSeconds, notices } = rendered[i]!;
    return { ...tune, wav, wavSeconds, notices };
  });
}

const MAX_TUNES = 1_000_000;

function checkRequest(request: ComposeRequest): void {
  const { count, seed, threshold } = request;
  if (!Number.isInteger(count) || count < 1 || count > MAX_TUNES) {
    throw new UsageError(`the count must be a whole number from 1 to ${MAX_TUNES}, got ${count}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`the seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  if (threshold !== undefined && !(threshold >= 0 && threshold <= 1)) {
    throw new UsageError(`the threshold must be a number from 0 to 1, got ${threshold}`);
  }
  checkComposeOptions(request, request);
}

async function refuseExistingFiles(files: FileStore, request: ComposeRequest): Promise<void> {
  const { out, count } = request;
  const kind = await files.kind(out);
  if (kind === 'absent') return;
  if (kind === 'file') throw new AlreadyExistsError(`${out} is a file; name a folder for the tunes with --out`);
  const there = new Set(await files.list(out));
  const taken: string[] = [];
  for (let index = 1; index <= count && there.size > 0; index++) {
    const { midi, picture, weights, sound } = tuneFiles(out, count, index);
    const wanted = [midi, picture, ...(request.weights ? [weights] : []), ...(request.sound ? [sound] : [])];
    taken.push(...wanted.filter((path) => there.has(fileName(path))));
  }
  if (taken.length === 0) return;
  const more = taken.length === 1 ? '' : ` and ${taken.length - 1} more`;
  throw new AlreadyExistsError(`${taken[0]}${more} would be replaced; use --force to allow it, or another --out`);
}
