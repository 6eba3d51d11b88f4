import { compareNotes, type Note } from '../../domain/music/score.js';

/** A note while its track is read: it gets its length when it ends. */
type OpenNote = { -readonly [K in keyof Note]: Note[K] };

/**
 * Finds the end of each note of a track: notes of one pitch and channel end first in, first out.
 * The notes that sound form one linked list a pitch and channel, so any number of them takes linear time.
 */
export class NotePairing {
  /**
   * The first `count` are this track's. The array is reused for the next track, since growing one copies it.
   */
  private readonly notes: OpenNote[] = [];
  private count = 0;
  private sounding = 0;
  /** By channel and pitch, the first and last note that sound, as an index or NONE. */
  private readonly heads = new Int32Array(16 * 128).fill(NONE);
  private readonly tails = new Int32Array(16 * 128);
  /** By note, the next one of its pitch and channel that sounds; where it is in the file. */
  private next = new Int32Array(256);
  private offsets = new Uint32Array(256);

  noteOn(startTick: number, channel: number, pitch: number, velocity: number, offset: number): void {
    const index = this.count++;
    const queue = (channel << 7) | pitch;
    if (index === this.next.length) this.grow();
    const note = { pitch, velocity, startTick, durationTicks: 0, channel };
    if (index === this.notes.length) this.notes.push(note);
    else this.notes[index] = note;
    this.offsets[index] = offset;
    this.sounding++;
    // No branch for rare cases: the first time one is taken, V8 discards the code that it had optimized.
    const { heads, tails, next } = this;
    const tail = tails[queue]!;
    const isFirst = heads[queue] === NONE;
    next[isFirst ? index : tail] = index;
    next[index] = NONE;
    if (isFirst) heads[queue] = index;
    tails[queue] = index;
  }

  /** A release without a note is common and means nothing. */
  noteOff(tick: number, channel: number, pitch: number): void {
    const queue = (channel << 7) | pitch;
    const index = this.heads[queue]!;
    if (index === NONE) return;
    const note = this.notes[index]!;
    note.durationTicks = tick - note.startTick;
    this.heads[queue] = this.next[index]!;
    this.sounding--;
  }

  /** Ends what still sounds, and makes ready for the next track. Notes are in the order of `compareNotes`. */
  endTrack(tick: number): { readonly notes: readonly Note[]; readonly hanging: number; readonly firstHanging: number } {
    if (this.count === 0) return NO_NOTES;
    const { offsets } = this;
    const notes = this.notes.slice(0, this.count);
    let hanging = 0;
    let firstHanging = Infinity;
    if (this.sounding > 0) {
      for (let queue = 0; queue < this.heads.length; queue++) {
        for (let index = this.heads[queue]!; index !== NONE; index = this.next[index]!) {
          notes[index]!.durationTicks = tick - notes[index]!.startTick;
          hanging++;
          firstHanging = Math.min(firstHanging, offsets[index]!);
        }
        this.heads[queue] = NONE;
      }
    }
    this.count = 0;
    this.sounding = 0;
    return { notes: sortedNotes(notes), hanging, firstHanging };
  }

  /** Whether keeping it costs little. */
  get isSmall(): boolean {
    return this.next.length <= 65_536;
  }

  private grow(): void {
    const [next, offsets] = [new Int32Array(this.next.length * 2), new Uint32Array(this.next.length * 2)];
    next.set(this.next);
    offsets.set(this.offsets);
    [this.next, this.offsets] = [next, offsets];
  }
}

const NONE = -1;

/** Shared by all tracks without notes, of which a file can have 65,535. */
const NO_NOTES = { notes: [], hanging: 0, firstHanging: Infinity } as const;

/** They are in order of start already, so mostly there is nothing to do. */
function sortedNotes(notes: OpenNote[]): readonly Note[] {
  for (let i = 1; i < notes.length; i++)
    if (compareNotes(notes[i - 1]!, notes[i]!) > 0) return notes.sort(compareNotes);
  return notes;
}
