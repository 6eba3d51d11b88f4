import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { DamagedFileError, DomainError, FileAccessError } from '../../../domain/errors.js';
import { checkRollFormat } from '../../../domain/roll/roll-format.js';
import { RUN_VERSION, type RunConfiguration } from '../../../domain/training/run-configuration.js';
import { errorCode, fileAccessError } from '../atomic/file-access-error.js';
import { describeFileKind } from '../atomic/file-kind.js';

export const CONFIGURATION_FILE = 'run.json';

/** For people to read; equal configurations give equal bytes. */
export const encodeConfiguration = (configuration: RunConfiguration): Uint8Array =>
  Buffer.from(`${JSON.stringify(configuration, null, 2)}\n`);

/**
 * @param folder the run's, for the error when there is no run.json
 * @throws FileAccessError when it is not a run, DamagedFileError when run.json is not one of ours
 */
export async function readConfiguration(folder: string, path: string): Promise<RunConfiguration> {
  const value = parse(await readConfigurationText(folder, path), path);
  const damaged = (what: string, cause?: unknown): DamagedFileError =>
    new DamagedFileError(`${path} ${what}`, { cause });
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version !== RUN_VERSION) {
    throw damaged(`has version ${version}, but this program reads version ${RUN_VERSION}`);
  }
  // zod takes 40 ms to load.
  const { runConfigurationSchema } = await import('./run-configuration-schema.js');
  const parsed = runConfigurationSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(`has a wrong value at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`, parsed.error);
  }
  try {
    checkRollFormat(parsed.data.dataset.format);
  } catch (cause) {
    throw damaged(`has a roll format that is none: ${cause instanceof DomainError ? cause.message : 'unknown'}`, cause);
  }
  return parsed.data;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DamagedFileError(`${path} is not JSON, or was cut or changed`, { cause });
  }
}

async function readConfigurationText(folder: string, path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new DamagedFileError(`${path} is ${describeFileKind(facts)}, not a file`);
      if (facts.size > MAX_CONFIGURATION_BYTES)
        throw new DamagedFileError(`${path} has ${facts.size} bytes, more than any that was written`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    if (errorCode(cause) !== 'ENOENT') throw fileAccessError('read', path, cause);
    throw new FileAccessError(
      `${folder} is not a run: it has no ${CONFIGURATION_FILE}; make one with "apollo train --out ${folder}"`,
      { cause },
    );
  }
}

const MAX_CONFIGURATION_BYTES = 1 << 20;
