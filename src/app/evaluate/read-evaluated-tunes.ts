import { DamagedFileError, FileAccessError, InterruptedError, UsageError } from '../../domain/errors.js';
import type { PreparationOptions } from '../../domain/dataset/manifest.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import { isMidiName } from '../../domain/midi/midi-endings.js';
import { MidiError } from '../../domain/midi/midi-error.js';
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
import type { FindTunes } from '../tunes/find-tunes.js';

/** How a model composes what is judged; undefined numbers are as `compose` has them. */
export interface ModelSamplingOptions {
  readonly count: number | undefined;
  readonly seed: number | undefined;
  readonly threshold: number | undefined;
  readonly device: string | undefined;
}

/** Tunes to be judged, a roll each. */
export interface EvaluatedTunes {
  readonly kind: 'model' | 'midi' | 'dataset';
  /** `200 tunes composed by model.onnx, seed 1, threshold 0.5` */
  readonly description: string;
  /** Packed, in the format asked for. */
  readonly rolls: readonly Uint8Array[];
  /** What is worth knowing of them. */
  readonly notices: readonly string[];
}

/** The format to read a set in, and how its pieces are cut into rolls. */
export interface RollPreparation {
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
}

/** Reads what is at a path as tunes of one format, whatever it is: its content decides. */
export type ReadEvaluatedTunes = (
  path: string,
  cut: RollPreparation,
  composing: ModelSamplingOptions,
) => Promise<EvaluatedTunes>;

export interface EvaluatedTunesPorts extends Yielding {
  readonly files: FileStore;
  readonly findTunes: FindTunes;
  readonly datasets: DatasetStore;
  readonly runtime: GeneratorRuntime;
  readonly console: Console;
}

export const DEFAULT_EVALUATED_COUNT = 200;
const DEFAULT_SEED = 1;
const MAX_MIDI_BYTES = 64 * 2 ** 20; // bytes, as for prepare

export const createReadEvaluatedTunes =
  (ports: EvaluatedTunesPorts): ReadEvaluatedTunes =>
  async (path, cut, composing) => {
    const kind = await kindOf(path, ports.files);
    if (kind === 'model') return composedTunes(path, cut, composing, ports);
    const given = Object.entries(composing).find(([, value]) => value !== undefined)?.[0];
    if (given !== undefined) throw new UsageError(`--${given} is for models, and ${path} is not one; leave it out`);
    return kind === 'dataset' ? datasetTunes(path, cut, ports) : midiTunes(path, cut, ports);
  };

async function kindOf(path: string, files: FileStore): Promise<EvaluatedTunes['kind']> {
  const kind = await files.kind(path);
  if (kind === 'absent') throw new FileAccessError(`cannot evaluate ${path}: no such file or folder`);
  if (kind === 'folder') {
    const names = await files.list(path);
    if (names.includes('run.json')) {
      throw new UsageError(`${path} is a run; make a model of it with apollo export, and evaluate that`);
    }
    return names.includes('dataset.json') ? 'dataset' : 'midi';
  }
  const start = await files.readStart(path, 4);
  const isMidi = ['MThd', 'RIFF'].includes(String.fromCharCode(...start)) || isMidiName(path);
  return isMidi ? 'midi' : 'model';
}

/** The tunes that `compose` gives: tune i is the same whatever the count. */
async function composedTunes(
  path: string,
  { format }: RollPreparation,
  composing: ModelSamplingOptions,
  ports: EvaluatedTunesPorts,
): Promise<EvaluatedTunes> {
  const { files, runtime, console } = ports;
  const { count = DEFAULT_EVALUATED_COUNT, seed = DEFAULT_SEED } = composing;
  const generator = await withPathInError(path, async () =>
    runtime.load(await files.read(path, MODEL_BYTES_LIMIT), composing.device ?? 'auto'),
  );
  try {
    const { rollFormat, threshold: usual } = generator.metadata;
    const shapes = noiseShapesOf(generator.metadata);
    const threshold = composing.threshold ?? usual;
    const rolls: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      await yieldAndCheckAborted(ports);
      const noise = drawNoise(shapes, { seed, index: i }).get(GENERATOR_TENSORS.noise)!.data;
      const certainties = await withPathInError(path, () => generator.generate(noise, 1));
      rolls.push(packRoll(convertRollFormat(thresholdRoll(certainties, rollFormat, threshold), format)));
      console.progress({ done: i + 1, total: count, unit: 'tunes composed' });
    }
    const description = `${formatTuneCount(count)} composed by ${path}, seed ${seed}, threshold ${threshold}`;
    const notices = [
      ...(generator.notice === '' ? [] : [generator.notice]),
      ...formatChangeNotices(rollFormat, format),
    ];
    return { kind: 'model', description, rolls, notices };
  } finally {
    await generator.release();
  }
}

/** One roll a file: its only one, or one of its windows. A file without a note that fits is a blank tune. */
async function midiTunes(
  path: string,
  { format, preparation }: RollPreparation,
  ports: EvaluatedTunesPorts,
): Promise<EvaluatedTunes> {
  const { findTunes, console } = ports;
  const { windows, fold } = preparation;
  const found = await findTunes({ kind: 'midi', paths: [path] });
  const rolls: Uint8Array[] = [];
  const refused: string[] = [];
  for await (const { name, content } of found.read(MAX_MIDI_BYTES)) {
    await yieldAndCheckAborted(ports);
    const reason = 'refused' in content ? content.refused : addScore(content.score, rolls, format, { windows, fold });
    if (reason !== undefined) refused.push(`${name}: ${reason}`);
    console.progress({ done: rolls.length + refused.length, total: found.count, unit: 'files' });
  }
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
  const notices = refused.length === 0 ? [] : [`left out, as they cannot be read: ${refused[0]}${more}`];
  return { kind: 'midi', description: `${formatTuneCount(rolls.length)} of ${path}`, rolls, notices };
}

/** Returns why it was not added, or undefined. */
function addScore(
  score: Score,
  rolls: Uint8Array[],
  format: RollFormat,
  options: Pick<PreparationOptions, 'windows' | 'fold'>,
): string | undefined {
  try {
    const cut = quantizeScoreLazily(score, format, options);
    const wanted = cut.rollCount === 0 ? -1 : seededChoice([...Array(cut.rollCount).keys()], rolls.length);
    let window = 0;
    for (const packed of cut.packedRolls()) if (window++ === wanted) rolls.push(packed.slice());
    if (wanted < 0) rolls.push(new Uint8Array(cellCount(format) / 8));
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
    const own = dataset.manifest.format;
    const rolls: Uint8Array[] = [];
    for (const [i, tune] of sourceTunes(dataset.manifest).entries()) {
      await yieldAndCheckAborted(ports);
      const packed = dataset.packedRoll(seededChoice(tune.rolls, i));
      rolls.push(sameFormat(own, format) ? packed : packRoll(convertRollFormat(unpackRoll(packed, own), format)));
    }
    const description = `${formatTuneCount(rolls.length)} of the dataset ${path}`;
    return { kind: 'dataset', description, rolls, notices: formatChangeNotices(own, format) };
  } finally {
    await dataset.close();
  }
}

/** What the roll would be in another format: the score that is written of it, cut anew. */
function convertRollFormat(roll: PianoRoll, format: RollFormat): PianoRoll {
  if (sameFormat(roll.format, format)) return roll;
  return singleRollFromScore(scoreFromRoll(roll, { ticksPerBeat: roll.format.columnsPerBeat }), format);
}

const formatChangeNotices = (own: RollFormat, format: RollFormat): readonly string[] =>
  sameFormat(own, format) ? [] : ['its rolls have another format than the dataset, so they were cut anew in that'];

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

export const formatTuneCount = (count: number): string => (count === 1 ? '1 tune' : `${count} tunes`);

/** Says which file a complaint about its bytes is about. */
async function withPathInError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof DamagedFileError)) throw cause;
    throw new DamagedFileError(`${path} is neither a model, a dataset nor MIDI: ${cause.message}`, { cause });
  }
}
