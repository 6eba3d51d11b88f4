import { DamagedFileError, FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';

/** What one kind of thing holds: for people, and for programs. */
export interface Inspection {
  readonly lines: readonly string[];
  readonly json: object;
}

export type Inspector = (path: string) => Promise<Inspection>;

/** Says what a path holds, whatever it is called: its content decides. */
export type Inspect = (request: { readonly path: string }) => Promise<Inspection>;

/** The kinds of things there are to inspect. */
export type Inspectors = Readonly<Record<'midi' | 'dataset' | 'run' | 'model', Inspector>>;

export const createInspect =
  (files: FileStore, inspectors: Inspectors): Inspect =>
  async ({ path }) => {
    const kind = await files.kind(path);
    if (kind === 'absent') throw new FileAccessError(`cannot inspect ${path}: no such file or folder`);
    if (kind === 'folder') return inspectors[folderKind(path, await files.list(path))](path);
    return inspectors[fileKind(path, await files.readStart(path, 16))](path);
  };

function folderKind(path: string, names: readonly string[]): keyof Inspectors {
  if (names.includes('dataset.json')) return 'dataset';
  if (names.includes('run.json')) return 'run';
  const midi = names.some((name) => /[.](midi?|smf|kar|rmi)$/i.test(name));
  const advice = midi ? '; to make a dataset of its MIDI files use apollo prepare' : '';
  throw new DamagedFileError(`${path} is no dataset (no dataset.json in it) and no run (no run.json in it)${advice}`);
}

function fileKind(path: string, bytes: Uint8Array): keyof Inspectors {
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
