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
    count: integer('how many tunes', 1, 100_000, undefined, '4'),
    seed: integer('where chance starts: the same seed gives the same tunes', 0, MAX_SEED, 1),
    out: text('folder', 'where the tunes go', 'out'),
    force: flag('replace tunes of the same names that are there already'),
    threshold: decimal(
      'how certain the model must be for a cell to sound, between 0 and 1',
      { low: 0, high: 1, open: true },
      undefined,
      "the model's own",
    ),
    truncation: decimal(
      'draw noise beyond this again: 0.5 gives usual tunes, 3 nearly all there are',
      { low: 0.01, high: 100 },
      undefined,
      'none',
    ),
    interpolate: integerPair('go from the first tune of one seed to that of another', 0, MAX_SEED),
    steps: integer('with --interpolate: how many tunes, both ends among them', 2, 10_000, undefined, '8'),
    key: parsed<TonalKey | undefined>(
      'key',
      'choose and transpose tunes into it: C to B, Am and the like',
      parseKey,
      undefined,
    ),
    density: decimal(
      'how many notes start in a beat: chooses tunes and thresholds',
      { low: 0.01, high: 100 },
      undefined,
      "the model's own",
    ),
    like: text('midi', 'vary a tune: the nearest that the model can draw to this MIDI file', undefined),
    variation: decimal(
      'with --like: 0 is that tune, 1 one that has nothing to do with it',
      { low: 0, high: 1 },
      undefined,
      '0.3',
    ),
    complete: text('midi', 'keep a part of this MIDI file and compose the rest to fit it', undefined),
    keep: parsed<ColumnRange | undefined>(
      'columns',
      'with --complete: which columns stay as they are, as in 0-128',
      parseColumns,
      undefined,
    ),
    length: integer(
      'columns of a tune longer than one roll, a multiple of 8: sections that go on from each other',
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
    wav: flag('make sound of the tunes, too'),
    weights: flag('draw how certain the model was of each cell, too'),
    ...PICTURE_OPTIONS,
    ...SOUND_OPTIONS,
    device: choice('where the model runs', DEVICES, 'auto'),
  },
  examples: [
    ['apollo compose', 'four tunes into the folder out'],
    ['apollo compose --count 8 --seed 7 --out out/seven', 'eight others'],
    ['apollo compose --count 1 --wav --dark', 'one tune to hear, and its picture on dark paper'],
    ['apollo compose --interpolate 3 9 --steps 8', 'eight tunes on the way from seed 3 to seed 9'],
    ['apollo compose --like tune.mid --variation 0.4', 'four variations on a tune'],
    ['apollo compose --complete tune.mid --keep 0-128', 'its first half as it is, and four second halves'],
    ['apollo compose --length 512 --count 1', 'a tune of two rolls'],
    ['apollo compose --key Am --density 2 --truncation 0.8', 'in A minor, two notes a beat, near to the usual'],
    ['apollo compose --model runs/first/model.onnx --threshold 0.3', 'with a model of your own, busier than usual'],
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
