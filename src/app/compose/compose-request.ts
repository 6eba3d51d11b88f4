import type { ComposeOptions } from '../../domain/composing/compose-options.js';
import type { TerminalRollOptions } from '../../domain/render/terminal-roll.js';
import type { ThemeName } from '../../domain/render/theme.js';
import type { Console } from '../../ports/console.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { TuneFacts, TuneWriter } from '../../ports/tune-writer.js';
import type { NoiseSearchFactory } from '../complete/complete.js';
import type { Render, RenderRequest } from '../render/render.js';

export interface ComposeRequest extends ComposeOptions {
  /** Path of the model file. */
  readonly model: string;
  /** 1..1,000,000 */
  readonly count: number;
  /** 0..2^53-1; equal seeds give equal files. */
  readonly seed: number;
  /** Probability from which a cell sounds, 0..1; the model's own when absent. */
  readonly threshold?: number | undefined;
  /** Folder of the tunes; created when it does not exist. */
  readonly out: string;
  /** `auto`, `cpu`, `cuda`, ... */
  readonly device: string;
  /** Whether existing files are replaced. */
  readonly replace: boolean;
  /** Quarter notes a minute. */
  readonly qpm: number;
  /** General MIDI program, 0..127; what suits each voice when undefined (see scoreFromRoll). */
  readonly program: number | undefined;
  /** Scale and theme of the pictures. */
  readonly picture?: { readonly scale?: number | undefined; readonly theme?: ThemeName | undefined } | undefined;
  /** Whether to draw the probability of each cell too. */
  readonly weights?: boolean | undefined;
  /** How to render the sound of the tunes; no sound when absent. */
  readonly sound?: RenderRequest['sound'];
  /** How to draw the first tune as text, or not at all. */
  readonly showFirst?: TerminalRollOptions | undefined;
}

/** A tune that was written. */
export interface ComposedTune extends TuneFacts {
  /** From 1. Tune i of a seed is the same for every count. */
  readonly index: number;
  /** `Am`: the key it sounds in most; null for a blank tune. */
  readonly key: string | null;
  readonly midi: string;
  readonly picture: string;
  /** null when it was not asked for. */
  readonly weights: string | null;
  /** Path and seconds of the WAV file, and what is not heard as it is written; absent without sound. */
  readonly wav?: string | null;
  readonly wavSeconds?: number | null;
  readonly notices?: readonly string[];
}

export interface ComposeResult {
  readonly model: string;
  readonly architecture: string;
  readonly depth: number;
  readonly device: string;
  readonly seed: number;
  /** The origin of the noise, such as `seed 7`. */
  readonly source: string;
  /** How near the model came to the tune of --like: intersection over union, 0..1; null without one. */
  readonly likeness: number | null;
  readonly threshold: number;
  readonly out: string;
  readonly tunes: readonly ComposedTune[];
  /** The first tune as lines of text; empty when it was not asked for. */
  readonly drawing: readonly string[];
}

/** @param inOwnThread whether to write in a thread of its own, beside a model that runs in this one */
export type OpenTuneWriter = (inOwnThread: boolean) => Promise<TuneWriter>;

export type Compose = (request: ComposeRequest) => Promise<ComposeResult>;

export interface ComposePorts {
  readonly files: FileStore;
  readonly runtime: GeneratorRuntime;
  readonly openTuneWriter: OpenTuneWriter;
  readonly console: Console;
  readonly signal: AbortSignal;
  /** For ways to compose that begin with a tune. */
  readonly loadNoiseSearchFactory: () => Promise<NoiseSearchFactory>;
  /** Renders the sound of the tunes. */
  readonly loadRender: () => Promise<Render>;
}
