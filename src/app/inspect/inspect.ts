import { DamagedFileError, FileAccessError } from '../../domain/errors.js';
import { isMidiName } from '../../domain/midi/midi-endings.js';
import type { FileStore } from '../../ports/file-store.js';
import type { Inspection, InspectPath } from './inspection.js';

/** Inspects a file or folder. Its content decides what it is, not its name. */
export type Inspect = (request: { readonly path: string }) => Promise<Inspection>;

interface InspectPorts {
  readonly files: FileStore;
  readonly loadInspectMidi: () => Promise<InspectPath>;
  readonly loadInspectDataset: () => Promise<InspectPath>;
  readonly loadInspectRun: () => Promise<InspectPath>;
  readonly loadInspectModel: () => Promise<InspectPath>;
}

export const createInspect =
  (ports: InspectPorts): Inspect =>
  async ({ path }) => {
    const { files } = ports;
    const kind = await files.kind(path);
    if (kind === 'absent') throw new FileAccessError(`cannot inspect ${path}: no such file or folder`);
    const isFolder = kind === 'folder';
    const load = isFolder
      ? folderLoader(path, await files.list(path))
      : fileLoader(path, await files.readStart(path, 16));
    const inspect = await ports[load]();
    return inspect(path);
  };

/** The name of the port that loads the inspector. An inspector is loaded only when it is needed. */
type Loader = Exclude<keyof InspectPorts, 'files'>;

function folderLoader(path: string, names: readonly string[]): Loader {
  if (names.includes('dataset.json')) return 'loadInspectDataset';
  if (names.includes('run.json')) return 'loadInspectRun';
  const hasMidi = names.some(isMidiName);
  const advice = hasMidi ? '; to make a dataset from its MIDI files use apollo prepare' : '';
  throw new DamagedFileError(
    `${path} is neither a dataset (it has no dataset.json) nor a run (it has no run.json)${advice}`,
  );
}

function fileLoader(path: string, bytes: Uint8Array): Loader {
  if (bytes.length === 0) throw new DamagedFileError(`${path} is empty`);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === 'MThd' || start === 'RIFF') return 'loadInspectMidi';
  // An ONNX file starts with field 1 of its protobuf message, the IR version, which is below 128.
  if (bytes[0] === 0x08 && bytes.length > 1 && bytes[1]! < 0x80) return 'loadInspectModel';
  if (isMidiName(path)) return 'loadInspectMidi'; // the MIDI reader says which byte is wrong
  if (/[.]onnx$/i.test(path)) return 'loadInspectModel';
  const shown = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new DamagedFileError(
    `${path} is neither a MIDI file nor a model: it starts with the bytes ${shown}; ` +
      'for a dataset or run name its folder',
  );
}
