import { DamagedFileError, FileAccessError, InterruptedError, UsageError } from '../../domain/errors.js';
import type { PreparationOptions } from '../../domain/dataset/manifest.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import { MidiError } from '../../domain/midi/midi-error.js';
import { formatCount } from '../../domain/text.js';
import { packRoll, thresholdRoll, unpackRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import { quantizeScoreLazily, singleRollFromScore } from '../../domain/roll/quantize.js';
import { cellCount, sameFormat, type RollFormat } from '../../domain/roll/roll-format.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { Score } from '../../domain/music/score.js';
import { drawNoise, noiseShapesOf } from '../../domain/model/noise.js';
import { sourceTunes } from '../../domain/evaluation/source-tunes.js';
import { seededChoice } from '../../domain/evaluation/split-in-halves.js';
import { GENERATOR_TENSORS } from '../../domain/model/generator-program.js';
import type { Console } from '../../ports/console.js';
import type { DatasetStore } from '../../ports/dataset-store.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import type { FindTunes } from '../tunes/find-tunes.js';

/** How a model composes the tunes to evaluate. Undefined options take the defaults of `compose`. */
export interface ModelSamplingOptions {
  readonly count: number | undefined;
  readonly seed: number | undefined;
  readonly threshold: number | undefined;
  readonly device: string | undefined;
}

/** The tunes to evaluate, one roll each. */
export interface EvaluatedTunes {
  readonly kind: 'model' | 'midi' | 'dataset';
  /** `200 tunes composed by model.onnx, seed 1, threshold 0.5` */
  readonly description: string;
  /** Packed rolls in the requested format. */
  readonly rolls: readonly Uint8Array[];
  /** Notices to the user about the tunes. */
  readonly notices: readonly string[];
}

/** The format to read tunes in, and how pieces are quantized into rolls. */
interface RollPreparation {
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
}

/** Reads a model, a dataset or MIDI files as tunes of one format. The content of the path decides what it is. */
export type ReadEvaluatedTunes = (
  path: string,
  target: RollPreparation,
  sampling: ModelSamplingOptions,
) => Promise<EvaluatedTunes>;

interface EvaluatedTunesPorts extends Yielding {
  readonly files: FileStore;
  readonly scoreReaders: ScoreReaders;
  readonly findTunes: FindTunes;
  readonly datasets: DatasetStore;
  readonly runtime: GeneratorRuntime;
  readonly console: Console;
}

const DEFAULT_EVALUATED_COUNT = 200;
const DEFAULT_SEED = 1;
/** The limit of `prepare`. */
const MAX_MIDI_BYTES = 64 * 2 ** 20;

export const createReadEvaluatedTunes =
  (ports: EvaluatedTunesPorts): ReadEvaluatedTunes =>
  async (path, target, sampling) => {
    const kind = await detectKind(path, ports);
    if (kind === 'model') return composedTunes(path, target, sampling, ports);
    const option = Object.entries(sampling).find(([, value]) => value !== undefined)?.[0];
    if (option !== undefined) throw new UsageError(`--${option} is for models, and ${path} is not one; leave it out`);
    return kind === 'dataset' ? datasetTunes(path, target, ports) : midiTunes(path, target, ports);
  };

async function detectKind(path: string, { files, scoreReaders }: EvaluatedTunesPorts): Promise<EvaluatedTunes['kind']> {
  const kind = await files.kind(path);
  if (kind === 'absent') throw new FileAccessError(`cannot evaluate ${path}: no such file or folder`);
  if (kind === 'folder') {
    const names = await files.list(path);
    if (names.includes('run.json')) {
      throw new UsageError(`${path} is a run; export a model from it with apollo export and evaluate that`);
    }
    return names.includes('dataset.json') ? 'dataset' : 'midi';
  }
  const start = await files.readStart(path, 4);
  const isMidi = ['MThd', 'RIFF'].includes(String.fromCharCode(...start)) || scoreReaders.recognizes(path);
  return isMidi ? 'midi' : 'model';
}

/** The tunes that `compose` generates. Tune i is the same for any count. */
async function composedTunes(
  path: string,
  { format }: RollPreparation,
  sampling: ModelSamplingOptions,
  ports: EvaluatedTunesPorts,
): Promise<EvaluatedTunes> {
  const { files, runtime, console } = ports;
  const { count = DEFAULT_EVALUATED_COUNT, seed = DEFAULT_SEED } = sampling;
  const generator = await withPathInError(path, async () =>
    runtime.load(await files.read(path, MODEL_BYTES_LIMIT), sampling.device ?? 'auto'),
  );
  try {
    const { rollFormat, threshold: defaultThreshold } = generator.metadata;
    const shapes = noiseShapesOf(generator.metadata);
    const threshold = sampling.threshold ?? defaultThreshold;
    const rolls: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      await yieldAndCheckAborted(ports);
      const noise = drawNoise(shapes, { seed, index: i }).get(GENERATOR_TENSORS.noise)!.data;
      const probabilities = await withPathInError(path, () => generator.generate(noise, 1));
      rolls.push(packRoll(convertRollFormat(thresholdRoll(probabilities, rollFormat, threshold), format)));
      console.progress({ done: i + 1, total: count, unit: 'tunes composed' });
    }
    const description = `${formatCount(count, 'tune')} composed by ${path}, seed ${seed}, threshold ${threshold}`;
    const notices = [
      ...(generator.notice === '' ? [] : [generator.notice]),
      ...formatChangeNotices(rollFormat, format),
    ];
    return { kind: 'model', description, rolls, notices };
  } finally {
    await generator.release();
  }
}

/** One roll per file: its only one, or one of its windows. A file without a note inside the roll is a blank tune. */
async function midiTunes(
  path: string,
  { format, preparation }: RollPreparation,
  ports: EvaluatedTunesPorts,
): Promise<EvaluatedTunes> {
  const { findTunes, console } = ports;
  const { windows, fold } = preparation;
  const sources = await findTunes({ kind: 'midi', paths: [path] });
  const rolls: Uint8Array[] = [];
  const refused: string[] = [];
  for await (const { name, content } of sources.read(MAX_MIDI_BYTES)) {
    await yieldAndCheckAborted(ports);
    const reason = 'refused' in content ? content.refused : addScore(content.score, rolls, format, { windows, fold });
    if (reason !== undefined) refused.push(`${name}: ${reason}`);
    console.progress({ done: rolls.length + refused.length, total: sources.count, unit: 'files' });
  }
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
  const notices = refused.length === 0 ? [] : [`left out because they cannot be read: ${refused[0]}${more}`];
  return { kind: 'midi', description: `${formatCount(rolls.length, 'tune')} of ${path}`, rolls, notices };
}

/** Adds one roll of the score to `rolls`. Returns the reason if the score cannot be used. */
function addScore(
  score: Score,
  rolls: Uint8Array[],
  format: RollFormat,
  options: Pick<PreparationOptions, 'windows' | 'fold'>,
): string | undefined {
  try {
    const quantized = quantizeScoreLazily(score, format, options);
    const chosen = quantized.rollCount === 0 ? -1 : seededChoice([...Array(quantized.rollCount).keys()], rolls.length);
    let window = 0;
    for (const packed of quantized.packedRolls()) if (window++ === chosen) rolls.push(packed.slice());
    if (chosen < 0) rolls.push(new Uint8Array(cellCount(format) / 8));
    return undefined;
  } catch (cause) {
    if (cause instanceof MidiError) return cause.reason;
    throw cause;
  }
}

async function datasetTunes(
  path: string,
  { format }: RollPreparation,
  ports: EvaluatedTunesPorts,
): Promise<EvaluatedTunes> {
  const { datasets } = ports;
  const dataset = await datasets.open(path);
  try {
    const ownFormat = dataset.manifest.format;
    const rolls: Uint8Array[] = [];
    for (const [i, tune] of sourceTunes(dataset.manifest).entries()) {
      await yieldAndCheckAborted(ports);
      const packed = dataset.packedRoll(seededChoice(tune.rolls, i));
      rolls.push(
        sameFormat(ownFormat, format) ? packed : packRoll(convertRollFormat(unpackRoll(packed, ownFormat), format)),
      );
    }
    const description = `${formatCount(rolls.length, 'tune')} of the dataset ${path}`;
    return { kind: 'dataset', description, rolls, notices: formatChangeNotices(ownFormat, format) };
  } finally {
    await dataset.close();
  }
}

/** Converts a roll to another format: writes it as a score and quantizes the score again. */
function convertRollFormat(roll: PianoRoll, format: RollFormat): PianoRoll {
  if (sameFormat(roll.format, format)) return roll;
  return singleRollFromScore(scoreFromRoll(roll, { ticksPerBeat: roll.format.columnsPerBeat }), format);
}

const formatChangeNotices = (ownFormat: RollFormat, format: RollFormat): readonly string[] =>
  sameFormat(ownFormat, format)
    ? []
    : ['its rolls have another format than the dataset, so they were quantized again in its format'];

/** The ports that long work needs to stop when it is asked to. */
export interface Yielding {
  readonly signal: AbortSignal;
  readonly yieldToEventLoop: YieldToEventLoop;
}

/** Lets the event loop run. @throws InterruptedError when the signal has been aborted */
export async function yieldAndCheckAborted({ signal, yieldToEventLoop }: Yielding): Promise<void> {
  await yieldToEventLoop();
  if (signal.aborted) throw new InterruptedError('evaluating was stopped; nothing was written');
}

/** Adds the path to the message of a DamagedFileError. */
async function withPathInError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof DamagedFileError)) throw cause;
    throw new DamagedFileError(`${path} is neither a model, a dataset nor a MIDI file: ${cause.message}`, { cause });
  }
}
