import { InterruptedError } from '../../domain/errors.js';
import { noiseSearchProgram, SEARCH, searchState } from '../../domain/model/noise-search.js';
import type { Noise } from '../../domain/model/noise.js';
import type { PianoRoll } from '../../domain/music/piano-roll.js';
import type { ColumnRange } from '../../domain/music/keep-columns.js';
import { rollFromScore } from '../../domain/music/quantize.js';
import { rollShape, type RollFormat } from '../../domain/music/roll-format.js';
import { scalar, type NamedTensors, type Tensor } from '../../domain/tensor/tensor.js';
import type { Console } from '../../ports/console.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { FileStore } from '../../ports/file-store.js';
import type { Interruption } from '../../ports/interruption.js';
import type { Machine } from '../../ports/machine.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { ModelFormat } from '../../ports/model-format.js';
import type { CompiledProgram } from '../../ports/tensor-engine.js';
import { readMidi } from '../read-midi.js';

/** What a roll should be like. */
export interface Wanted {
  readonly roll: PianoRoll;
  /** Where it matters; everywhere when absent. */
  readonly columns?: ColumnRange;
}

export interface FoundNoise {
  readonly noise: Noise;
  /** Intersection over union of what is drawn from it and what is wanted, where that matters, 0..1. */
  readonly likeness: number;
}

/** Finds the noise from which a model draws something wanted. */
export interface NoiseSearch {
  /**
   * Goes down from the best of the starts.
   * @param centre what a good noise is near, all else being equal
   */
  nearest(wanted: Wanted, starts: readonly Noise[], centre: Noise): Promise<FoundNoise>;
  release(): Promise<void>;
}

/** What ways to compose need that begin with a tune. */
export interface TuneSearch {
  /** The first window of a MIDI file, in the format; what is out of range is folded into it by octaves. */
  read(path: string, format: RollFormat): Promise<PianoRoll>;
  /** @param model the bytes of a model file that was loaded before */
  open(model: Uint8Array, device: string): Promise<NoiseSearch>;
}

export interface TuneSearchPorts {
  readonly files: FileStore;
  readonly reader: MidiReader;
  readonly format: ModelFormat;
  readonly engines: EngineRegistry;
  readonly machine: Machine;
  readonly console: Console;
  readonly interruption: Interruption;
}

/** Steps of a search; later ones hardly change it. */
export const SEARCH_STEPS = 300;
const FIRST_RATE = 0.1;
const LAST_RATE = 0.01;

export const makeTuneSearch = ({
  files,
  reader,
  format,
  engines,
  machine,
  console,
  interruption,
}: TuneSearchPorts): TuneSearch => ({
  read: async (path, rollFormat) => {
    const { score } = await readMidi(path, files, reader);
    return rollFromScore(score, rollFormat, { fold: true });
  },
  open: async (model, device) => {
    const threads = machine.facts().cores;
    const { engine, notice } = await engines.open({ name: 'onnxruntime', device, threads });
    if (notice !== '') console.warn(notice);
    const program = await engine.compile(noiseSearchProgram(format.readGenerator(model)));
    return {
      nearest: (wanted, starts, centre) => descend(program, feedsOf(wanted, centre), starts, console, interruption),
      release: () => program.release(),
    };
  },
});

async function descend(
  program: CompiledProgram,
  feeds: NamedTensors,
  starts: readonly Noise[],
  console: Console,
  interruption: Interruption,
): Promise<FoundNoise> {
  let best = { loss: Infinity, noise: starts[0]!, likeness: 0 };
  const step = async (rate: number): Promise<void> => {
    if (interruption.requested) throw new InterruptedError('composing was stopped while it searched for a noise');
    const metrics = await program.step(new Map([...feeds, [SEARCH.rate, scalar(rate)]]));
    const [loss, likeness] = [SEARCH.loss, SEARCH.likeness].map((name) => metrics.get(name)!.data[0]!);
    if (!(loss! < best.loss)) return;
    const noise = [...starts[0]!].map(([name, { shape }]) => {
      return [name, { shape, data: metrics.get(SEARCH.tried(name))!.data.slice() }] as const;
    });
    best = { loss: loss!, noise: new Map(noise), likeness: likeness! };
  };
  for (const start of starts) {
    await program.load(searchState(start));
    await step(0);
  }
  await program.load(searchState(best.noise));
  for (let done = 0; done < SEARCH_STEPS; done++) {
    await step(FIRST_RATE + ((LAST_RATE - FIRST_RATE) * done) / (SEARCH_STEPS - 1));
    console.progress({ done: done + 1, total: SEARCH_STEPS, unit: 'steps towards the noise' });
  }
  return { noise: best.noise, likeness: best.likeness };
}

function feedsOf({ roll: { cells, format }, columns }: Wanted, centre: Noise): NamedTensors {
  const shape = [1, ...rollShape(format)];
  const { from, to } = columns ?? { from: 0, to: format.columns };
  const weight = Float32Array.from(cells, (_, at) => {
    const column = at % format.columns;
    return column >= from && column < to ? 1 : 0;
  });
  const row = ({ shape: own, data }: Tensor): Tensor => ({ shape: [1, ...own], data });
  return new Map<string, Tensor>([
    [SEARCH.target, { shape, data: Float32Array.from(cells) }],
    [SEARCH.weight, { shape, data: weight }],
    ...[...centre].map(([name, tensor]) => [SEARCH.centre(name), row(tensor)] as const),
  ]);
}
