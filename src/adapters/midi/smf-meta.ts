import type { KeySignature, Tempo, TimeSignature } from '../../domain/music/score.js';
import { decodeMetaText } from './midi-text.js';
import type { WarningList } from './warning-list.js';

/** The meta events of one track, in the order of the file. */
export interface TrackMetaEvents {
  /** '' without one. */
  readonly name: string;
  readonly tempos: readonly Tempo[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
}

/** Collects the meta events that are used. Others and invalid ones are skipped. */
export class MetaEventReader {
  private name: string | undefined;
  private tempos: Tempo[] = [];
  private timeSignatures: TimeSignature[] = [];
  private keySignatures: KeySignature[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly warnings: WarningList,
  ) {}

  /**
   * The events since the last call. A file can have 65,535 tracks without any: they share one empty value.
   */
  finish(): TrackMetaEvents {
    const { name = '', tempos, timeSignatures, keySignatures } = this;
    this.name = undefined;
    if (tempos.length > 0) this.tempos = [];
    if (timeSignatures.length > 0) this.timeSignatures = [];
    if (keySignatures.length > 0) this.keySignatures = [];
    return {
      name,
      tempos: tempos.length > 0 ? tempos : NO_EVENTS,
      timeSignatures: timeSignatures.length > 0 ? timeSignatures : NO_EVENTS,
      keySignatures: keySignatures.length > 0 ? keySignatures : NO_EVENTS,
    };
  }

  /** The `length` bytes of data at `at` are there. */
  read(type: number, at: number, length: number, tick: number): void {
    if (type === TRACK_NAME) this.name ??= decodeMetaText(this.bytes.subarray(at, at + length));
    else if (type === TEMPO) this.readTempo(at, length, tick);
    else if (type === TIME_SIGNATURE) this.readTimeSignature(at, length, tick);
    else if (type === KEY_SIGNATURE) this.readKeySignature(at, length, tick);
  }

  private readTempo(at: number, length: number, tick: number): void {
    const { bytes } = this;
    const microsecondsPerBeat = length === 3 ? bytes[at]! * 65_536 + bytes[at + 1]! * 256 + bytes[at + 2]! : 0;
    if (microsecondsPerBeat > 0) this.tempos.push({ tick, microsecondsPerBeat });
    else this.ignore(at, 'tempo', length === 3 ? 'a beat of 0 microseconds' : `${length} bytes instead of 3`);
  }

  private readTimeSignature(at: number, length: number, tick: number): void {
    const numerator = this.bytes[at]!;
    const power = this.bytes[at + 1]!;
    if (length < 2) this.ignore(at, 'time signature', `${length} bytes instead of 4`);
    else if (numerator === 0 || power > 7) this.ignore(at, 'time signature', `${numerator} over 2 to the ${power}`);
    else this.timeSignatures.push({ tick, numerator, denominator: 2 ** power });
  }

  private readKeySignature(at: number, length: number, tick: number): void {
    const sharps = (this.bytes[at]! << 24) >> 24;
    const mode = this.bytes[at + 1]!;
    if (length < 2) this.ignore(at, 'key signature', `${length} bytes instead of 2`);
    else if (Math.abs(sharps) > 7 || mode > 1) this.ignore(at, 'key signature', `${sharps} sharps in mode ${mode}`);
    else this.keySignatures.push({ tick, sharps, mode: mode === 1 ? 'minor' : 'major' });
  }

  private ignore(at: number, what: string, got: string): void {
    this.warnings.add(at, `this ${what} is ignored: ${got}`);
  }
}

const NO_EVENTS: readonly never[] = [];

const TRACK_NAME = 0x03;
const TEMPO = 0x51;
const TIME_SIGNATURE = 0x58;
const KEY_SIGNATURE = 0x59;
