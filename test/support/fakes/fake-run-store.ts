import { AlreadyExistsError, DamagedFileError, FileAccessError, RunInUseError } from '../../../src/domain/errors.js';
import type { Checkpoint } from '../../../src/domain/training/checkpoint.js';
import type { RunConfiguration } from '../../../src/domain/training/run-configuration.js';
import type { LogEntry, Run, RunStore } from '../../../src/ports/run-store.js';
import type { NamedTensors } from '../../../src/domain/tensor/tensor.js';

/** A run in memory, open to tests. */
export interface FakeRun {
  configuration: RunConfiguration;
  readonly checkpoints: Map<number, Checkpoint>;
  /** Steps of checkpoints that are damaged. */
  readonly damaged: Set<number>;
  log: readonly LogEntry[];
  /** `epoch-0010/name` */
  readonly samples: Map<string, Uint8Array>;
  model: Uint8Array | undefined;
  /** Those with smaller weights, by how they are kept. */
  smallModels: Map<string, Uint8Array>;
  /** Whether run.json is nonsense. */
  unreadable: boolean;
  /** Who holds it; a dead holder counts as none. */
  holder: 'nobody' | 'somebody' | 'a dead process';
}

type FakeRunStore = RunStore & { readonly runs: Map<string, FakeRun> };

/** Runs in memory, by path. */
export function createFakeRunStore(): FakeRunStore {
  const runs = new Map<string, FakeRun>();
  const hold = (path: string, run: FakeRun): void => {
    if (run.holder === 'somebody') throw new RunInUseError(`another process is training in ${path}`);
    run.holder = 'somebody';
  };
  return {
    runs,
    create: async (path, configuration, { replace }) => {
      const old = runs.get(path);
      if (old !== undefined && !replace) throw new AlreadyExistsError(`${path} holds a run already`);
      if (old !== undefined) hold(path, old);
      const fresh = { checkpoints: new Map(), damaged: new Set<number>(), log: [], samples: new Map() };
      const run: FakeRun = {
        ...fresh,
        configuration,
        model: undefined,
        smallModels: new Map(),
        unreadable: false,
        holder: 'somebody',
      };
      runs.set(path, run);
      return opened(path, run, 'write');
    },
    open: async (path, access) => {
      const run = runs.get(path);
      if (run === undefined) throw new FileAccessError(`${path} is not a run: it has no run.json`);
      if (run.unreadable) throw new DamagedFileError(`${path}/run.json is not JSON`);
      if (access === 'write') hold(path, run);
      return opened(path, run, access);
    },
  };
}

function opened(path: string, run: FakeRun, access: 'read' | 'write'): Run {
  let mine = access === 'write';
  const steps = (): readonly number[] => [...run.checkpoints.keys()].sort((a, b) => a - b);
  return {
    path,
    get configuration() {
      return run.configuration;
    },
    replaceConfiguration: async (configuration) => {
      run.configuration = configuration;
    },
    saveCheckpoint: async (checkpoint, retain) => {
      run.checkpoints.set(checkpoint.step, { ...checkpoint, state: copyOf(checkpoint.state) });
      run.damaged.delete(checkpoint.step);
      for (const step of steps()) {
        const stays = step === checkpoint.step || (retain.has(step) && step < checkpoint.step);
        if (!stays) run.checkpoints.delete(step);
      }
    },
    latestCheckpoint: async () => {
      const newest = steps().toReversed();
      const whole = newest.findIndex((step) => !run.damaged.has(step));
      const passed = whole < 0 ? newest : newest.slice(0, whole);
      const skipped = passed.map((step) => ({ file: `${path}/checkpoints/${step}`, reason: 'it was changed' }));
      const found = run.checkpoints.get(newest[whole] ?? -1);
      return { checkpoint: found && { ...found, state: copyOf(found.state) }, skipped };
    },
    checkpointAt: async (step) => {
      const found = run.checkpoints.get(step);
      if (found === undefined) {
        throw new FileAccessError(
          `${path} has no checkpoint of step ${step}; there are those of step ${steps().join(', ')}`,
        );
      }
      if (run.damaged.has(step)) throw new DamagedFileError(`${path}/checkpoints/${step} is damaged: it was changed`);
      return { ...found, state: copyOf(found.state) };
    },
    checkpointSteps: async () => steps(),
    appendLog: async (entries) => {
      run.log = [...run.log, ...entries];
    },
    readLog: async () => run.log,
    rewind: async (step, epoch) => {
      run.log = run.log.filter((entry) => entry.step <= step);
      for (const name of run.samples.keys()) if (Number(name.slice(6, 10)) > epoch) run.samples.delete(name);
    },
    saveSample: async (epoch, name, bytes) => {
      run.samples.set(`epoch-${String(epoch).padStart(4, '0')}/${name}`, bytes.slice());
    },
    saveModel: async (bytes, weights) => {
      if (weights === 'fp32') run.model = bytes.slice();
      else run.smallModels.set(weights, bytes.slice());
      return weights === 'fp32' ? `${path}/model.onnx` : `${path}/model-${weights}.onnx`;
    },
    close: async () => {
      if (mine) run.holder = 'nobody';
      mine = false;
    },
  };
}

const copyOf = (state: NamedTensors): NamedTensors =>
  new Map([...state].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
