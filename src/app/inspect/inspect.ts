import { DamagedFileError, FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import type { Inspection, InspectPath } from './inspection.js';

/** Inspects a file or folder. Its content decides what it is, not its name. */
export type Inspect = (request: { readonly path: string }) => Promise<Inspection>;

interface InspectPorts {
  readonly files: FileStore;
  readonly scoreReaders: ScoreReaders;
  readonly loadInspectMidi: () => Promise<InspectPath>;
  readonly loadInspectDataset: () => Promise<InspectPath>;
  readonly loadInspectRun: () => Promise<InspectPath>;
  readonly loadInspectModel: () => Promise<InspectPath>;
}

export const createInspect =
  (ports: InspectPorts): Inspect =>
  async ({ path }) => {
    const { files, scoreReaders } = ports;
    const kind = await files.kind(path);
    if (kind === 'absent') throw new FileAccessError(`cannot inspect ${path}: no such file or folder`);
    const isFolder = kind === 'folder';
    const load = isFolder
      ? folderLoader(path, await files.list(path), scoreReaders)
      : fileLoader(path, await files.readStart(path, 16), scoreReaders);
    const inspect = await ports[load]();
    return inspect(path);
  };

/** The name of the port that loads the inspector. An inspector is loaded only when it is needed. */
type Loader = Exclude<keyof InspectPorts, 'files' | 'scoreReaders'>;

function folderLoader(path: string, names: readonly string[], scoreReaders: ScoreReaders): Loader {
  if (names.includes('dataset.json')) return 'loadInspectDataset';
  if (names.includes('run.json')) return 'loadInspectRun';
  const hasMidi = names.some((name) => scoreReaders.recognizes(name));
  const advice = hasMidi ? '; to make a dataset from its MIDI files use apollo prepare' : '';
  throw new DamagedFileError(
    `${path} is neither a dataset (it has no dataset.json) nor a run (it has no run.json)${advice}`,
  );
}

function fileLoader(path: string, bytes: Uint8Array, scoreReaders: ScoreReaders): Loader {
  if (bytes.length === 0) throw new DamagedFileError(`${path} is empty`);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === 'MThd' || start === 'RIFF') return 'loadInspectMidi';
  // An ONNX file starts with field 1 of its protobuf message, the IR version, which is below 128.
  if (bytes[0] === 0x08 && bytes.length > 1 && bytes[1]! < 0x80) return 'loadInspectModel';
  if (scoreReaders.recognizes(path)) return 'loadInspectMidi'; // the reader says which byte is wrong
  if (/[.]onnx$/i.test(path)) return 'loadInspectModel';
  const shown = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new DamagedFileError(
    `${path} is neither a MIDI file nor a model: it starts with the bytes ${shown}; ` +
      'for a dataset or run name its folder',
  );
}
