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
import { createSampleEvaluator, type SampleMetrics } from './sample-metrics.js';
import type { TrainingSession } from './training-session.js';

/** Tunes drawn from the same noise at every sampling, so that one sees them grow. */
export const SAVED_SAMPLES = 8;
/** As many again, and more, are only judged: eight tunes say little of a generator. */
export const EVALUATED_SAMPLES = 32;

/** Draws the run's fixed tunes with the weights of `state`, saves them as MIDI and pictures, and judges them. */
export type DrawSamples = (training: TrainingSession, state: NamedTensors, epoch: number) => Promise<SampleMetrics>;

export interface DrawSamplesPorts {
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
  /** For tests. */
  readonly evaluateSamples?: ReturnType<typeof createSampleEvaluator>;
}

export const createDrawSamples =
  ({ midiWriter, pictures, evaluateSamples = createSampleEvaluator() }: DrawSamplesPorts): DrawSamples =>
  async (training, state, epoch) => {
    const { run, spec, dataset } = training;
    const { format } = dataset.manifest;
    const threshold = CATALOGUE.get(spec.architecture)!.threshold;
    const certainties = await generate(training, state);
    const judged = Array.from({ length: EVALUATED_SAMPLES }, (_, i) => {
      const own = certainties.subarray(i * cellCount(format), (i + 1) * cellCount(format));
      return { own, roll: thresholdRoll(own, format, threshold) };
    });
    const rolls = judged.slice(0, SAVED_SAMPLES);
    const grid = drawRollGrid(
      rolls.map(({ roll }) => roll),
      2,
    );
    await saveAll(run, epoch, [
      ...rolls.flatMap(({ own, roll }, i): SampleFile[] => [
        [`tune-${i + 1}.mid`, midiWriter.write(scoreFromRoll(roll))],
        [`tune-${i + 1}.png`, pictures.encode(drawRoll(roll))],
        [`tune-${i + 1}-weights.png`, pictures.encode(drawProbabilities(own, format))],
      ]),
      ['grid.png', pictures.encode(grid)],
    ]);
    return evaluateSamples(
      dataset,
      judged.map(({ roll }) => roll),
    );
  };

type SampleFile = readonly [name: string, bytes: Uint8Array | Promise<Uint8Array>];

/** Together: each waits for the disk. Nothing is being written any more when this rejects. */
async function saveAll(run: Run, epoch: number, files: readonly SampleFile[]): Promise<void> {
  const saved = await Promise.allSettled(files.map(async ([name, bytes]) => run.saveSample(epoch, name, await bytes)));
  const failed = saved.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** [JUDGED, channels, pitches, columns], SAMPLES at a time. */
async function generate({ spec, configuration, engine }: TrainingSession, state: NamedTensors): Promise<Float32Array> {
  const program = await engine.compile(samplingProgram(spec, SAVED_SAMPLES));
  try {
    await program.load(inferenceParameters(spec, state));
    const shape = [SAVED_SAMPLES, ...noiseShape(spec)];
    const size = sizeOf(shape);
    const rolls: Float32Array[] = [];
    for (let part = 0; part < EVALUATED_SAMPLES / SAVED_SAMPLES; part++) {
      const noise = { shape, data: normals(randomStream(configuration.seed, 'samples', part), size) };
      rolls.push(
        (await program.step(new Map([[GENERATOR_TENSORS.noise, noise]]))).get(GENERATOR_TENSORS.roll)!.data.slice(),
      );
    }
    const all = new Float32Array(rolls.reduce((sum, { length }) => sum + length, 0));
    rolls.forEach((data, part) => all.set(data, part * data.length));
    return all;
  } finally {
    await program.release();
  }
}
