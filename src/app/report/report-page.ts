import type { FileStore } from '../../ports/file-store.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { RunStore } from '../../ports/run-store.js';

/** A page that was made. */
export interface ReportPage {
  readonly html: string;
  /** Tunes that can be played in it. */
  readonly tunes: number;
  /** What is not in it, and why. */
  readonly notices: readonly string[];
}

export interface ReportPorts {
  readonly files: FileStore;
  readonly midiReader: MidiReader;
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
  readonly runs: RunStore;
  /** Folder of the scripts that pages hold. */
  readonly pageFolder: string;
}
