import { GENERATOR_TENSORS, samplingProgram } from '../../domain/model/generator-program.js';
import { CATALOGUE } from '../../domain/model/catalogue/catalogue.js';
import { noiseShape } from '../../domain/model/model-spec.js';
import { thresholdRoll } from '../../domain/roll/piano-roll.js';
import { cellCount } from '../../domain/roll/roll-format.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import { normals, randomStream } from '../../domain/random.js';
import { drawRollGrid, drawRoll } from '../../domain/render/roll-picture.js';
import { drawProbabilities } from '../../domain/render/probability-picture.js';
import { sizeOf, type NamedTensors } from '../../domain/tensor/tensor.js';
import { inferenceParameters } from '../../domain/training/training-program.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { Run } from '../../ports/run-store.js';
import { createSampleEvaluator, type EvaluateSamples, type SampleMetrics } from './sample-metrics.js';
import type { TrainingSession } from './training-session.js';

/** Tunes saved per set of samples. Their noise is the same every time, so that one sees them change. */
export const SAVED_SAMPLES = 8;
/** Tunes evaluated per set of samples, the saved ones among them: eight tunes say little about a generator. */
const EVALUATED_SAMPLES = 32;

/** Generates the run's fixed tunes from `state`, saves them as MIDI files and pictures, and evaluates them. */
export type DrawSamples = (session: TrainingSession, state: NamedTensors, epoch: number) => Promise<SampleMetrics>;

interface DrawSamplesPorts {
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
  /** Replaced in tests. */
  readonly evaluateSamples?: EvaluateSamples;
}

export const createDrawSamples =
  ({ midiWriter, pictures, evaluateSamples = createSampleEvaluator() }: DrawSamplesPorts): DrawSamples =>
  async (session, state, epoch) => {
    const { run, spec, dataset } = session;
    const { format } = dataset.manifest;
    const threshold = CATALOGUE.get(spec.architecture)!.threshold;
    const allProbabilities = await generate(session, state);
    const samples = Array.from({ length: EVALUATED_SAMPLES }, (_, i) => {
      const probabilities = allProbabilities.subarray(i * cellCount(format), (i + 1) * cellCount(format));
      return { probabilities, roll: thresholdRoll(probabilities, format, threshold) };
    });
    const saved = samples.slice(0, SAVED_SAMPLES);
    const grid = drawRollGrid(
      saved.map(({ roll }) => roll),
      2,
    );
    await saveAll(run, epoch, [
      ...saved.flatMap(({ probabilities, roll }, i): SampleFile[] => [
        [`tune-${i + 1}.mid`, midiWriter.write(scoreFromRoll(roll))],
        [`tune-${i + 1}.png`, pictures.encode(drawRoll(roll))],
        [`tune-${i + 1}-weights.png`, pictures.encode(drawProbabilities(probabilities, format))],
      ]),
      ['grid.png', pictures.encode(grid)],
    ]);
    return evaluateSamples(
      dataset,
      samples.map(({ roll }) => roll),
    );
  };

type SampleFile = readonly [name: string, bytes: Uint8Array | Promise<Uint8Array>];

/** Saves the files at the same time, as each waits for the disk. No write is pending any more when this rejects. */
async function saveAll(run: Run, epoch: number, files: readonly SampleFile[]): Promise<void> {
  const results = await Promise.allSettled(
    files.map(async ([name, bytes]) => run.saveSample(epoch, name, await bytes)),
  );
  const failure = results.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}

/** Cell probabilities [EVALUATED_SAMPLES, channels, pitches, columns], generated in batches of SAVED_SAMPLES. */
async function generate({ spec, configuration, engine }: TrainingSession, state: NamedTensors): Promise<Float32Array> {
  const program = await engine.compile(samplingProgram(spec, SAVED_SAMPLES));
  try {
    await program.load(inferenceParameters(spec, state));
    const shape = [SAVED_SAMPLES, ...noiseShape(spec)];
    const batches: Float32Array[] = [];
    for (let i = 0; i < EVALUATED_SAMPLES / SAVED_SAMPLES; i++) {
      const noise = { shape, data: normals(randomStream(configuration.seed, 'samples', i), sizeOf(shape)) };
      const output = await program.step(new Map([[GENERATOR_TENSORS.noise, noise]]));
      batches.push(output.get(GENERATOR_TENSORS.roll)!.data.slice());
    }
    const all = new Float32Array(batches.reduce((sum, { length }) => sum + length, 0));
    batches.forEach((data, i) => all.set(data, i * data.length));
    return all;
  } finally {
    await program.release();
  }
}
