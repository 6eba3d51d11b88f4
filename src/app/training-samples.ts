import { GENERATOR, samplingProgram } from '../domain/model/generator-program.js';
import { CATALOGUE } from '../domain/model/catalogue/catalogue.js';
import { noiseShape } from '../domain/model/model-spec.js';
import { parametersOf } from '../domain/model/parameters.js';
import { thresholdRoll } from '../domain/music/piano-roll.js';
import { cellCount } from '../domain/music/roll-format.js';
import { scoreFromRoll } from '../domain/music/score-from-roll.js';
import { normals, randomStream } from '../domain/random.js';
import { drawGrid, drawRoll } from '../domain/render/roll-picture.js';
import { drawWeights } from '../domain/render/weight-picture.js';
import { sizeOf, type NamedTensors } from '../domain/tensor/tensor.js';
import type { MidiWriter } from '../ports/midi-writer.js';
import type { PictureEncoder } from '../ports/picture-encoder.js';
import type { Training } from './training.js';

/** Tunes drawn from the same noise at every sampling, so that one sees them grow. */
export const SAMPLES = 8;

/** Draws the run's fixed tunes with the weights of `state` and saves them as MIDI and pictures. */
export type DrawSamples = (training: Training, state: NamedTensors, epoch: number) => Promise<void>;

export const makeDrawSamples =
  (midi: MidiWriter, pictures: PictureEncoder): DrawSamples =>
  async (training, state, epoch) => {
    const { run, spec, dataset } = training;
    const { format } = dataset.manifest;
    const threshold = CATALOGUE.get(spec.architecture)!.threshold;
    const certainties = await generate(training, state);
    const rolls = Array.from({ length: SAMPLES }, (_, i) => {
      const own = certainties.subarray(i * cellCount(format), (i + 1) * cellCount(format));
      return { own, roll: thresholdRoll(own, format, threshold) };
    });
    for (const [i, { own, roll }] of rolls.entries()) {
      const name = `tune-${i + 1}`;
      await run.saveSample(epoch, `${name}.mid`, midi.write(scoreFromRoll(roll)));
      await run.saveSample(epoch, `${name}.png`, pictures.encode(drawRoll(roll)));
      await run.saveSample(epoch, `${name}-weights.png`, pictures.encode(drawWeights(own, format)));
    }
    await run.saveSample(
      epoch,
      'grid.png',
      pictures.encode(
        drawGrid(
          rolls.map(({ roll }) => roll),
          2,
        ),
      ),
    );
  };

/** [SAMPLES, channels, pitches, columns] */
async function generate({ spec, configuration, engine }: Training, state: NamedTensors): Promise<Float32Array> {
  const program = await engine.compile(samplingProgram(spec, SAMPLES));
  try {
    await program.load(new Map(parametersOf(spec.generator).map(({ name }) => [name, state.get(name)!])));
    const shape = [SAMPLES, ...noiseShape(spec)];
    const noise = { shape, data: normals(randomStream(configuration.seed, 'samples'), sizeOf(shape)) };
    return (await program.step(new Map([[GENERATOR.noise, noise]]))).get(GENERATOR.roll)!.data;
  } finally {
    await program.release();
  }
}
