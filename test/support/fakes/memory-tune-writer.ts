import { scoreOptions } from '../../../src/app/tunes/tune-facts.js';
import { keySignatureOf } from '../../../src/domain/music/scale.js';
import { scoreFromRoll } from '../../../src/domain/roll/score-from-roll.js';
import type { Score } from '../../../src/domain/music/score.js';
import { drawRoll } from '../../../src/domain/render/roll-picture.js';
import { drawProbabilities } from '../../../src/domain/render/probability-picture.js';
import type { TuneWriter, TuneFacts, TuneToWrite } from '../../../src/ports/tune-writer.js';
import { fakeMidi } from './fake-midi.js';
import type { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { plainPictureEncoder } from './plain-picture-encoder.js';

/** Engraves into memory, in formats that a person can read, a turn of the event loop after it was asked to. */
export function memoryTuneWriter(
  files: ReturnType<typeof createMemoryFileStore>,
): TuneWriter & { readonly underWay: number } {
  const work = new Set<Promise<TuneFacts>>();
  const { writer } = fakeMidi();
  let isClosed = false;
  async function written(tune: TuneToWrite): Promise<TuneFacts> {
    await new Promise((resolve) => setImmediate(resolve));
    const { format, cells, title, weights, key } = tune;
    const { tracks, ...plain } = scoreFromRoll({ format, cells }, scoreOptions(tune, format));
    const score: Score = { ...plain, tracks: tracks.map((track) => ({ ...track, name: title })) };
    const keySignatures =
      key === undefined ? [] : [{ tick: 0, ...keySignatureOf({ tonicPitch: key.tonic, scale: key.mode }) }];
    await files.write(tune.midi, writer.write({ ...score, keySignatures }));
    const look = { ...tune.appearance, title };
    await files.write(tune.picture, await plainPictureEncoder.encode(drawRoll({ format, cells }, look)));
    if (weights !== undefined) {
      const drawn = drawProbabilities(weights.probabilities, format, look);
      await files.write(weights.path, await plainPictureEncoder.encode(drawn));
    }
    const pitches = score.tracks.flatMap(({ notes }) => notes.map(({ pitch }) => pitch));
    const blank = pitches.length === 0;
    return {
      notes: pitches.length,
      pitchMin: blank ? null : Math.min(...pitches),
      pitchMax: blank ? null : Math.max(...pitches),
      seconds: (score.endTick / score.ticksPerBeat) * (60 / tune.qpm),
      blank,
    };
  }
  return {
    get underWay() {
      return work.size;
    },
    async write(tune) {
      if (isClosed) throw new Error('the tune writer is closed');
      const one = written(tune);
      work.add(one);
      return one.finally(() => work.delete(one));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(work);
    },
  };
}
