import { DamagedFileError, FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';
import type { InspectDataset } from './inspect-dataset.js';
import type { InspectMidi } from './inspect-midi.js';
import type { InspectModel } from './inspect-model.js';
import type { InspectRun } from './inspect-run.js';

/** What one kind of thing holds: for people, and for programs. */
export interface Inspection {
  readonly lines: readonly string[];
  readonly json: object;
}

/** Says what a path holds, whatever its name: its content decides. */
export type Inspect = (request: { readonly path: string }) => Promise<Inspection>;

export interface InspectPorts {
  readonly files: FileStore;
  readonly loadInspectMidi: () => Promise<InspectMidi>;
  readonly loadInspectDataset: () => Promise<InspectDataset>;
  readonly loadInspectRun: () => Promise<InspectRun>;
  readonly loadInspectModel: () => Promise<InspectModel>;
}

type Kind = 'midi' | 'dataset' | 'run' | 'model';

export const createInspect =
  (ports: InspectPorts): Inspect =>
  async ({ path }) => {
    const { files } = ports;
    const kind = await files.kind(path);
    if (kind === 'absent') throw new FileAccessError(`cannot inspect ${path}: no such file or folder`);
    const isFolder = kind === 'folder';
    const found = isFolder ? folderKind(path, await files.list(path)) : fileKind(path, await files.readStart(path, 16));
    return INSPECTORS[found](path, ports);
  };

/** Each kind loads the code that inspects it when there is something for it to inspect. */
const INSPECTORS: Readonly<Record<Kind, (path: string, ports: InspectPorts) => Promise<Inspection>>> = {
  midi: async (path, { loadInspectMidi }) => {
    const [inspect, { describeMidi }] = await Promise.all([
      loadInspectMidi(),
      import('../../domain/midi/midi-facts.js'),
    ]);
    const json = await inspect(path);
    return { json, lines: describeMidi(json) };
  },
  dataset: async (path, { loadInspectDataset }) => {
    const [inspect, { describeDataset }] = await Promise.all([loadInspectDataset(), import('./inspect-dataset.js')]);
    const json = await inspect(path);
    return { json, lines: describeDataset(json) };
  },
  run: async (path, { loadInspectRun }) => {
    const [inspect, { describeRun }] = await Promise.all([loadInspectRun(), import('./inspect-run.js')]);
    const json = await inspect(path);
    return { json, lines: describeRun(json) };
  },
  model: async (path, { loadInspectModel }) => {
    const [inspect, { describeModel }] = await Promise.all([loadInspectModel(), import('./inspect-model.js')]);
    const json = await inspect(path);
    return { json, lines: describeModel(json) };
  },
};

function folderKind(path: string, names: readonly string[]): Kind {
  if (names.includes('dataset.json')) return 'dataset';
  if (names.includes('run.json')) return 'run';
  const midi = names.some((name) => /[.](midi?|smf|kar|rmi)$/i.test(name));
  const advice = midi ? '; to make a dataset of its MIDI files use apollo prepare' : '';
  throw new DamagedFileError(`${path} is no dataset (no dataset.json in it) and no run (no run.json in it)${advice}`);
}

function fileKind(path: string, bytes: Uint8Array): Kind {
  if (bytes.length === 0) throw new DamagedFileError(`${path} is empty`);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === 'MThd' || start === 'RIFF') return 'midi';
  // An ONNX file begins with its format's version: field 1, a number below 128.
  if (bytes[0] === 0x08 && bytes.length > 1 && bytes[1]! < 0x80) return 'model';
  if (/[.](midi?|smf|kar|rmi)$/i.test(path)) return 'midi'; // its reader says what is wrong, and where
  if (/[.]onnx$/i.test(path)) return 'model';
  const shown = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new DamagedFileError(
    `${path} is neither a MIDI file nor a model: it starts with the bytes ${shown}; a dataset or run is named by its folder`,
  );
}
