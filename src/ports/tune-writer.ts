import type { TonalKey } from '../domain/music/tonal-key.js';
import type { RollFormat } from '../domain/roll/roll-format.js';
import type { ThemeName } from '../domain/render/theme.js';

/** A tune and its files: plain data that can be sent to another thread. */
export interface TuneToWrite {
  readonly format: RollFormat;
  /** [channels, pitches, columns], 0 or 1. */
  readonly cells: Uint8Array;
  readonly title: string;
  /** Paths of the files. */
  readonly midi: string;
  readonly picture: string;
  /** The probability of each cell, 0..1, to be drawn into a file of its own. */
  readonly weights?: { readonly probabilities: Float32Array; readonly path: string } | undefined;
  /** Quarter notes a minute. */
  readonly qpm: number;
  /** General MIDI program, 0..127; by default what suits each voice. */
  readonly program: number | undefined;
  /** The signature to write; none when absent. */
  readonly key: TonalKey | undefined;
  readonly appearance: { readonly scale?: number | undefined; readonly theme?: ThemeName | undefined };
}

/** Statistics of a tune. */
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
 * Writes a MIDI file and a picture for each tune.
 *
 * Promises, one test each in test/contracts/tune-writer.contract.ts:
 * - When `write` resolves, the files exist and the facts are those of the tune; the tune is not changed.
 * - Equal tunes give equal bytes, in any thread and beside any other tunes.
 * - A file that cannot be written rejects with FileAccessError, which names the path; other tunes are still written.
 * - `close` resolves when all requested tunes are written; after that `write` rejects.
 */
export interface TuneWriter {
  write(tune: TuneToWrite): Promise<TuneFacts>;
  close(): Promise<void>;
}
