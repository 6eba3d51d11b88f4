import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedFileError, FileAccessError } from '../../../domain/errors.js';
import type { Checkpoint } from '../../../domain/training/checkpoint.js';
import type { SkippedCheckpoint } from '../../../ports/run-store.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { makeFolders } from '../atomic/make-folders.js';
import { removePath } from '../atomic/remove-path.js';
import { removeLeftovers } from '../atomic/temporary-name.js';

export const CHECKPOINT_FOLDER = 'checkpoints';

/** `step-000000123.safetensors` */
const checkpointName = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`;

/**
 * Saves, then deletes all others whose step is not in `retain`. Those of later steps are never in it: training went
 * back before them, so they belong to no history any more.
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  retain: ReadonlySet<number>,
): Promise<void> {
  await makeFolders(folder).catch((cause: unknown) => {
    throw fileAccessError('write', folder, cause);
  });
  await removeLeftovers(folder);
  await writeCheckpoint(join(folder, checkpointName(checkpoint.step)), checkpoint);
  for (const step of await checkpointSteps(folder)) {
    const stays = step === checkpoint.step || (retain.has(step) && step < checkpoint.step);
    if (!stays) await removePath(join(folder, checkpointName(step)));
  }
}

/** The newest that is whole and belongs to `model`. */
export async function latestCheckpoint(
  folder: string,
  model: Checkpoint['model'],
): Promise<{ readonly checkpoint: Checkpoint | undefined; readonly skipped: readonly SkippedCheckpoint[] }> {
  const skipped: SkippedCheckpoint[] = [];
  for (const step of (await checkpointSteps(folder)).toReversed()) {
    const file = join(folder, checkpointName(step));
    try {
      const checkpoint = await readCheckpoint(file, model);
      if (checkpoint.step === step) return { checkpoint, skipped };
      skipped.push({ file, reason: `it is of step ${checkpoint.step}, not of the one it is named after` });
    } catch (cause) {
      if (!(cause instanceof DamagedFileError)) throw cause;
      skipped.push({ file, reason: cause.cause instanceof Error ? cause.cause.message : cause.message });
    }
  }
  return { checkpoint: undefined, skipped };
}

/** The one of that step, which must belong to `model`. */
export async function checkpointAt(folder: string, step: number, model: Checkpoint['model']): Promise<Checkpoint> {
  const steps = await checkpointSteps(folder);
  if (!steps.includes(step)) {
    const there = steps.length === 0 ? 'there is none at all' : `there are those of step ${steps.join(', ')}`;
    throw new FileAccessError(`${folder} has no checkpoint of step ${step}; ${there}`);
  }
  const file = join(folder, checkpointName(step));
  const checkpoint = await readCheckpoint(file, model);
  if (checkpoint.step === step) return checkpoint;
  throw new DamagedFileError(`${file} is of step ${checkpoint.step}, not of the one it is named after`);
}

/** Steps of the checkpoints that are there, damaged ones as well, the oldest first. */
export async function checkpointSteps(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return [];
    throw fileAccessError('list the folder', folder, cause);
  });
  return names
    .map((name) => Number(/^step-(\d{9,16})\.safetensors$/.exec(name)?.[1] ?? NaN))
    .filter((step, i) => Number.isSafeInteger(step) && checkpointName(step) === names[i])
    .sort((a, b) => a - b);
}
