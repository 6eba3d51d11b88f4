import type { TonalKey } from '../domain/music/tonal-key.js';
import type { RollFormat } from '../domain/roll/roll-format.js';
import type { ThemeName } from '../domain/render/theme.js';

/** A tune as it is to be written down: plain data, so that another thread can do it. */
export interface TuneToWrite {
  readonly format: RollFormat;
  /** [channels, pitches, columns], 0 or 1. */
  readonly cells: Uint8Array;
  readonly title: string;
  /** Paths of the files. */
  readonly midi: string;
  readonly picture: string;
  /** The certainty of each cell, 0..1, to be drawn into a file of its own. */
  readonly weights?: { readonly probabilities: Float32Array; readonly path: string } | undefined;
  /** Quarter notes a minute. */
  readonly qpm: number;
  /** General MIDI program, 0..127; by default what suits each voice. */
  readonly program: number | undefined;
  /** The signature to write; none when absent. */
  readonly key: TonalKey | undefined;
  readonly appearance: { readonly scale?: number | undefined; readonly theme?: ThemeName | undefined };
}

/** What a tune is, in numbers. */
export interface TuneFacts {
  readonly notes: number;
  /** 0..127; null when there is no note. */
  readonly pitchMin: number | null;
  readonly pitchMax: number | null;
  /** Up to the end of the last note. */
  readonly seconds: number;
  readonly blank: boolean;
}

/**
 * Writes tunes down: a MIDI file and a picture each.
 *
 * Promises, one test each in test/contracts/tune-writer.contract.ts:
 * - The files are there when `engrave` resolves, and the facts are those of the tune; the tune given is left as it is.
 * - Equal tunes give equal bytes, whoever engraves them and in whatever company.
 * - A file that cannot be written rejects with FileAccessError, which names the path; other tunes are written all the
 *   same.
 * - `close` resolves when all is written that was asked for; after that `engrave` rejects.
 */
export interface TuneWriter {
  write(tune: TuneToWrite): Promise<TuneFacts>;
  close(): Promise<void>;
}
