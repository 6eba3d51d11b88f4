import type { FileStore } from '../../ports/file-store.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { RunStore } from '../../ports/run-store.js';
import type { ScoreReaders } from '../../ports/score-readers.js';

/** The HTML of a report, and what is in it. */
export interface ReportPage {
  readonly html: string;
  /** Number of tunes that the page can play. */
  readonly tunes: number;
  /** One sentence for each thing that was left out, with the reason. */
  readonly notices: readonly string[];
}

export interface ReportPorts {
  readonly files: FileStore;
  readonly scoreReaders: ScoreReaders;
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
  readonly runs: RunStore;
  /** Folder of the browser scripts that are inlined into a page. */
  readonly pageFolder: string;
}
