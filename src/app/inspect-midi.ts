import { DomainError, DamagedFileError } from '../domain/errors.js';
import { midiFacts, type MidiFacts } from '../domain/music/midi-facts.js';
import type { FileStore } from '../ports/file-store.js';
import type { MidiReader } from '../ports/midi-reader.js';

export interface MidiInspection extends MidiFacts {
  readonly kind: 'midi';
  readonly path: string;
}

export type InspectMidi = (path: string) => Promise<MidiInspection>;

export const makeInspectMidi =
  (files: FileStore, reader: MidiReader): InspectMidi =>
  async (path) => {
    const bytes = await files.read(path);
    try {
      return { kind: 'midi', path, ...midiFacts(reader.read(bytes)) };
    } catch (cause) {
      if (cause instanceof DomainError) throw new DamagedFileError(`${path}: ${cause.message}`, { cause });
      throw cause;
    }
  };
