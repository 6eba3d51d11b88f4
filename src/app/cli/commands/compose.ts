import { checkComposeOptions, type ComposeOptions } from '../../../domain/composing/compose-options.js';
import { defineCommand } from '../command.js';
import { PICTURE_OPTIONS, SOUND_OPTIONS, terminalRollOptions, themeOf } from '../appearance-options.js';
import { choice, decimal, flag, parsed, text, integerPair, integer } from '../option.js';
import { UsageError } from '../../../domain/errors.js';
import { parseKey, type TonalKey } from '../../../domain/music/tonal-key.js';
import type { ColumnRange } from '../../../domain/roll/replace-columns.js';
import { DEVICES, MAX_SEED, parseColumns } from '../values.js';

export const composeCommand = defineCommand({
  name: 'compose',
  summary: 'compose new tunes with a trained model: a MIDI file and a picture each',
  options: {
    model: text(
      'file',
      'the model, a .onnx file that apollo export wrote',
      undefined,
      'the one that comes with Apollo',
    ),
    count: integer('number of tunes', 1, 100_000, undefined, '4'),
    seed: integer('seed of the random numbers: the same seed gives the same tunes', 0, MAX_SEED, 1),
    out: text('folder', 'folder for the tunes', 'out'),
    force: flag('replace existing tunes of the same names'),
    threshold: decimal(
      'probability from which a cell sounds, between 0 and 1',
      { low: 0, high: 1, open: true },
      undefined,
      "the model's own",
    ),
    truncation: decimal(
      'resample noise beyond this: 0.5 gives typical tunes, 3 hardly limits them',
      { low: 0.01, high: 100 },
      undefined,
      'none',
    ),
    interpolate: integerPair('interpolate from the first tune of one seed to that of another', 0, MAX_SEED),
    steps: integer('with --interpolate: number of tunes, both ends included', 2, 10_000, undefined, '8'),
    key: parsed<TonalKey | undefined>(
      'key',
      'choose and transpose tunes into this key: C, F#, Am and so on',
      parseKey,
      undefined,
    ),
    density: decimal(
      'notes that start in a beat: chooses tunes and thresholds',
      { low: 0.01, high: 100 },
      undefined,
      "the model's own",
    ),
    like: text(
      'midi',
      'vary the tune of this MIDI file: start from the nearest that the model can generate',
      undefined,
    ),
    variation: decimal('with --like: 0 is that tune, 1 an unrelated one', { low: 0, high: 1 }, undefined, '0.3'),
    complete: text('midi', 'keep a part of this MIDI file and compose the rest to fit it', undefined),
    keep: parsed<ColumnRange | undefined>(
      'columns',
      'with --complete: the columns to keep, such as 0-128',
      parseColumns,
      undefined,
    ),
    length: integer(
      'columns of a tune longer than one roll, a multiple of 8; each section continues the one before',
      16,
      65_536,
      undefined,
      'one roll',
    ),
    qpm: decimal('tempo in quarter notes a minute', { low: 4, high: 1000 }, 120),
    program: integer(
      'General MIDI instrument of all voices, 0 is the piano',
      0,
      127,
      undefined,
      'piano; flute for a melody with guitar for its chords',
    ),
    wav: flag('also render sound'),
    weights: flag('also draw the probability of each cell'),
    ...PICTURE_OPTIONS,
    ...SOUND_OPTIONS,
    device: choice('device of the model', DEVICES, 'auto'),
  },
  examples: [
    ['apollo compose', 'four tunes into the folder out'],
    ['apollo compose --count 8 --seed 7 --out out/seven', 'eight others'],
    ['apollo compose --count 1 --wav --dark', 'one tune with sound, and its picture on dark paper'],
    ['apollo compose --interpolate 3 9 --steps 8', 'eight tunes from that of seed 3 to that of seed 9'],
    ['apollo compose --like tune.mid --variation 0.4', 'four variations on a tune'],
    ['apollo compose --complete tune.mid --keep 0-128', 'keep its first half and compose four second halves'],
    ['apollo compose --length 512 --count 1', 'a tune of two rolls'],
    ['apollo compose --key Am --density 2 --truncation 0.8', 'in A minor, two notes a beat, typical tunes'],
    ['apollo compose --model runs/first/model.onnx --threshold 0.3', 'with your own model, and more notes than usual'],
  ],
  createAction({ model, force, wav, scale, light, dark, soundfont, minutes, steps, count: tunes, ...values }) {
    const { like, variation, complete, keep, ...others } = values;
    const request = { ...others, ...parseStartingTune({ like, variation, complete, keep }) };
    if (steps !== undefined && request.interpolate === undefined)
      throw new UsageError('--steps is for --interpolate, which says from where to where');
    if (tunes !== undefined && request.interpolate !== undefined)
      throw new UsageError('--interpolate gives as many tunes as --steps says: leave out --count');
    const count = request.interpolate === undefined ? (tunes ?? 4) : (steps ?? 8);
    checkComposeOptions(request, { count, threshold: request.threshold });
    const picture = { scale, theme: themeOf({ light, dark }) };
    return async (services) => {
      const [compose, defaultModel, { describeComposition, describeSounds }] = await Promise.all([
        services('compose'),
        services('defaultModel'),
        import('../../compose/describe.js'),
      ]);
      const result = await compose({
        ...request,
        count,
        picture,
        sound: wav ? { soundFont: soundfont, minutes } : undefined,
        model: model ?? defaultModel,
        replace: force,
        showFirst: terminalRollOptions(process.stdout, process.env),
      });
      const { drawing, ...json } = result;
      const lines = [...describeComposition(result), ...describeSounds(result.tunes)];
      return { drawing: drawing.length === 0 ? [] : [...drawing, ''], lines, json };
    };
  },
});

interface StartingTuneOptions {
  readonly like: string | undefined;
  readonly variation: number | undefined;
  readonly complete: string | undefined;
  readonly keep: ColumnRange | undefined;
}

/** Options that begin with a tune, each with its own. */
function parseStartingTune({
  like,
  variation,
  complete,
  keep,
}: StartingTuneOptions): Pick<ComposeOptions, 'like' | 'complete'> {
  if (variation !== undefined && like === undefined)
    throw new UsageError('--variation is for --like, which says of what');
  if (keep !== undefined && complete === undefined)
    throw new UsageError('--keep is for --complete, which says of what');
  if (complete !== undefined && keep === undefined)
    throw new UsageError('--complete needs --keep, the columns that stay, as in --keep 0-128');
  return {
    like: like === undefined ? undefined : { path: like, variation: variation ?? 0.3 },
    complete: complete === undefined ? undefined : { path: complete, columns: keep! },
  };
}
