import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import { keySignatureOf } from '../../domain/music/scale.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { Score } from '../../domain/music/score.js';
import { drawRoll } from '../../domain/render/roll-picture.js';
import { drawProbabilities } from '../../domain/render/probability-picture.js';
import type { TuneFacts, TuneWriter, TuneToWrite } from '../../ports/tune-writer.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { computeTuneFacts, scoreOptions, withTitle } from './tune-facts.js';

interface TuneWriterPorts {
  readonly files: FileStore;
  readonly midiWriter: MidiWriter;
  readonly pictures: PictureEncoder;
}

/** Writes tunes in the calling thread. */
export function createTuneWriter({ files, midiWriter, pictures }: TuneWriterPorts): TuneWriter {
  const unfinished = new Set<Promise<unknown>>();
  let isClosed = false;
  async function writeFiles(tune: TuneToWrite): Promise<TuneFacts> {
    const { title, weights } = tune;
    const roll: PianoRoll = { format: tune.format, cells: tune.cells };
    const untitled = scoreOf(roll, tune);
    const score = withTitle(untitled, title);
    const appearance = { ...tune.appearance, title };
    const writes = [
      files.write(tune.midi, midiWriter.write(score)),
      pictures.encode(drawRoll(roll, appearance, untitled)).then((bytes) => files.write(tune.picture, bytes)),
    ];
    if (weights !== undefined) {
      const ownTitle = `${title}, certainty`;
      const drawn = drawProbabilities(weights.probabilities, roll.format, { ...appearance, title: ownTitle });
      writes.push(pictures.encode(drawn).then((bytes) => files.write(weights.path, bytes)));
    }
    await allSettledOrThrow(writes);
    return computeTuneFacts(score, roll);
  }
  return {
    async write(tune) {
      if (isClosed) throw new Error('the tune writer is closed');
      const work = writeFiles(tune);
      unfinished.add(work);
      return work.finally(() => unfinished.delete(work));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(unfinished);
    },
  };
}

/** The score of a roll, with the requested key as its key signature. */
function scoreOf(roll: PianoRoll, tune: TuneToWrite): Score {
  const score = scoreFromRoll(roll, scoreOptions(tune, roll.format));
  if (tune.key === undefined) return score;
  const { tonic: tonicPitch, mode } = tune.key;
  return { ...score, keySignatures: [{ tick: 0, ...keySignatureOf({ tonicPitch, scale: mode }) }] };
}

/** Waits for all writes, then throws the first failure: no write is still running when the caller continues. */
async function allSettledOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
