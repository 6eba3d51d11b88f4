import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import { keySignatureOf } from '../../domain/music/scale.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { Score } from '../../domain/music/score.js';
import { drawRoll } from '../../domain/render/roll-picture.js';
import { drawProbabilities } from '../../domain/render/probability-picture.js';
import type { TuneWriter, TuneToWrite } from '../../ports/tune-writer.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { computeTuneFacts, scoreOptions, withTitle } from './tune-facts.js';

export interface TuneWriterPorts {
  readonly files: FileStore;
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
}

/** Writes tunes down here and now, between other work of this thread. */
export function createTuneWriter({ files, midiWriter, pictures }: TuneWriterPorts): TuneWriter {
  const unfinished = new Set<Promise<unknown>>();
  let isClosed = false;
  async function written(tune: TuneToWrite) {
    const { title, weights } = tune;
    const roll: PianoRoll = { format: tune.format, cells: tune.cells };
    const untitled = scoreOf(roll, tune);
    const score = withTitle(untitled, title);
    const look = { ...tune.appearance, title };
    const writes = [
      files.write(tune.midi, midiWriter.write(score)),
      pictures.encode(drawRoll(roll, look, untitled)).then((bytes) => files.write(tune.picture, bytes)),
    ];
    if (weights !== undefined) {
      const drawn = drawProbabilities(weights.probabilities, roll.format, { ...look, title: `${title}, certainty` });
      writes.push(pictures.encode(drawn).then((bytes) => files.write(weights.path, bytes)));
    }
    await allSettledOrThrow(writes);
    return computeTuneFacts(score, roll);
  }
  return {
    async write(tune) {
      if (isClosed) throw new Error('the tune writer is closed');
      const work = written(tune);
      unfinished.add(work);
      return work.finally(() => unfinished.delete(work));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(unfinished);
    },
  };
}

/** With the key that was asked for as its signature. */
function scoreOf(roll: PianoRoll, tune: TuneToWrite): Score {
  const score = scoreFromRoll(roll, scoreOptions(tune, roll.format));
  if (tune.key === undefined) return score;
  const { tonic: tonicPitch, mode } = tune.key;
  return { ...score, keySignatures: [{ tick: 0, ...keySignatureOf({ tonicPitch, scale: mode }) }] };
}

/** Waits for all, also when one fails, so that nothing goes on behind the caller's back. */
async function allSettledOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
