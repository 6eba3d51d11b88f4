import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Precision } from '../../../domain/model/precision.js';
import type { RunConfiguration } from '../../../domain/training/run-configuration.js';
import type { Run } from '../../../ports/run-store.js';
import { writeFileAtomic } from '../atomic/atomic-write.js';
import {
  checkpointAt,
  CHECKPOINT_FOLDER,
  checkpointSteps,
  latestCheckpoint,
  saveCheckpoint,
} from './checkpoint-folder.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { makeFolders } from '../atomic/make-folders.js';
import { removePath } from '../atomic/remove-path.js';
import { CONFIGURATION_FILE, encodeConfiguration } from './run-configuration-file.js';
import type { Unlock } from './run-lock.js';
import { LOG_FILE, openRunLog } from './run-log.js';

export const SAMPLES_FOLDER = 'samples';
export const modelFileName = (weights: Precision): string =>
  weights === 'fp32' ? 'model.onnx' : `model-${weights}.onnx`;

/** Opens the run at `path`. `unlock` is called once, when it is closed. */
export function openRunFolder(path: string, configuration: RunConfiguration, unlock: Unlock): Run {
  const log = openRunLog(join(path, LOG_FILE));
  const checkpoints = join(path, CHECKPOINT_FOLDER);
  let current = configuration;
  return {
    path,
    get configuration() {
      return current;
    },
    replaceConfiguration: async (next) => {
      await writeFileAtomic(join(path, CONFIGURATION_FILE), encodeConfiguration(next));
      current = next;
    },
    saveCheckpoint: async (checkpoint, retain) => {
      await log.sync(); // a training resumed from this checkpoint finds the log of all earlier steps
      await saveCheckpoint(checkpoints, checkpoint, retain);
    },
    latestCheckpoint: () => latestCheckpoint(checkpoints, current.model),
    checkpointAt: (step) => checkpointAt(checkpoints, step, current.model),
    checkpointSteps: () => checkpointSteps(checkpoints),
    appendLog: (entries) => log.append(entries),
    readLog: () => log.read(),
    rewind: async (step, epoch) => {
      await log.rewind(step);
      await removeSamplesAfter(join(path, SAMPLES_FOLDER), epoch);
    },
    saveSample: (epoch, name, bytes) => saveSample(join(path, SAMPLES_FOLDER, sampleFolder(epoch)), name, bytes),
    saveModel: async (bytes, weights) => {
      const file = join(path, modelFileName(weights));
      await writeFileAtomic(file, bytes);
      return file;
    },
    close: onlyOnce(() => log.sync().finally(() => log.close().finally(unlock))),
  };
}

async function saveSample(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await makeFolders(folder).catch((cause: unknown) => {
    throw fileAccessError('write', folder, cause);
  });
  await writeFileAtomic(join(folder, name), bytes);
}

/** Runs the work at the first call; later calls resolve at once. */
function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await work();
  };
}

/** `epoch-0010` */
const sampleFolder = (epoch: number): string => `epoch-${String(epoch).padStart(4, '0')}`;

async function removeSamplesAfter(folder: string, after: number): Promise<void> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return [];
    throw fileAccessError('list the folder', folder, cause);
  });
  for (const name of names) {
    const epoch = Number(/^epoch-(\d{4,9})$/.exec(name)?.[1] ?? NaN);
    if (epoch > after) await removePath(join(folder, name));
  }
}
