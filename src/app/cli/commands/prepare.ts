import { UsageError } from '../../../domain/errors.js';
import { VOICES_FORMAT } from '../../../domain/model/tune/voices.js';
import {
  channelName,
  checkRollFormat,
  DEFAULT_ROLL_FORMAT,
  parseChannels,
  type RollChannel,
} from '../../../domain/roll/roll-format.js';
import { SCORE_ENDINGS } from '../../wiring/score-readers.js';
import { defineCommand } from '../command.js';
import { choice, flag, parsed, text, integer } from '../option.js';
import { MAX_SEED, parseSemitones } from '../values.js';

const FORMAT = DEFAULT_ROLL_FORMAT;
/** As many as the largest machines have cores. Each worker takes some 30 MB. */
const MAX_WORKERS = 256;

export const prepareCommand = defineCommand({
  name: 'prepare',
  summary: 'make a dataset from MIDI files, or from the demo composer',
  positionals: {
    usage: '<midi...>',
    describe: `MIDI files, or folders that are searched for them (${SCORE_ENDINGS.join(', ')}); none with --demo`,
    min: 0,
    max: Infinity,
  },
  options: {
    out: text('folder', 'the dataset to write', undefined),
    demo: integer('compose this many simple tunes instead of reading files', 1, 1_000_000, undefined),
    seed: integer('seed of the demo composer', 0, MAX_SEED, 1),
    force: flag('replace an existing dataset'),
    workers: integer(
      'worker threads that read and quantize the tunes; 0 or 1: none',
      0,
      MAX_WORKERS,
      undefined,
      'the number of cores, 0 for few tunes',
    ),
    strict: flag('fail if any file is damaged or refused'),
    windows: choice('all: as many rolls as a piece needs; first: only its beginning', ['all', 'first'], 'all'),
    layback: integer('copies of each roll, shifted right by 0, 1, 2 ... columns', 1, 65_536, 1),
    transpose: parsed(
      'from..to',
      'copies of each roll, transposed by these semitones',
      parseSemitones,
      { from: 0, to: 0 },
      '0..0',
    ),
    fold: flag('move notes outside the pitch range into it by octaves, instead of dropping them'),
    'lowest-pitch': integer('MIDI pitch of the lowest row', 0, 127, FORMAT.lowestPitch),
    pitches: integer('rows of a roll', 1, 128, FORMAT.pitches),
    columns: integer('columns of a roll, a multiple of 8', 8, 65_536, FORMAT.columns),
    'columns-per-beat': integer('columns in a quarter note', 1, 96, FORMAT.columnsPerBeat),
    channels: parsed<readonly RollChannel[] | undefined>(
      'list',
      'voices (all, melody, chords or a track) and kinds (sustain, onset), such as all:sustain,all:onset',
      parseChannels,
      undefined,
      FORMAT.channels.map(channelName).join(','),
    ),
    voices: flag('separate melody and chords, with onsets, as the network apollo needs them'),
  },
  examples: [
    ['apollo prepare tunes --out data/tunes', 'all MIDI files in the folder tunes and below'],
    ['apollo prepare --demo 200 --out data/demo', 'two hundred composed tunes, without files'],
    ['apollo prepare tunes --voices --out data/voices', 'for apollo train --model apollo'],
    ['apollo prepare tunes --out data/more --layback 4 --transpose -5..6', '48 copies of each tune'],
  ],
  createAction(values, paths) {
    const { out, demo, seed, force, workers, strict, windows, layback, transpose, fold } = values;
    if (out === undefined) throw new UsageError('--out is missing: the folder of the dataset to make');
    if (demo === undefined && paths.length === 0) throw new UsageError('name MIDI files or folders, or use --demo');
    if (demo !== undefined && paths.length > 0)
      throw new UsageError('--demo composes its tunes: name no files with it');
    const format = checkRollFormat({
      lowestPitch: values['lowest-pitch'],
      pitches: values.pitches,
      columns: values.columns,
      columnsPerBeat: values['columns-per-beat'],
      channels: rollChannels(values),
    });
    return async (services) => {
      const [prepare, { describePreparation }] = await Promise.all([
        services('prepare'),
        import('../../prepare/describe.js'),
      ]);
      const result = await prepare({
        input: demo === undefined ? { kind: 'midi', paths } : { kind: 'demo', tunes: demo, seed },
        out,
        format,
        preparation: { windows, layback, transpose, fold },
        replace: force,
        strict,
        workers,
        limitBytes: MAX_MIDI_BYTES,
      });
      const { sources, rolls, chunks, digest } = result.manifest;
      const json = { path: out, origin: result.manifest.origin, rolls, chunks: chunks.length, digest, format, sources };
      return { lines: describePreparation(result), json };
    };
  },
});

function rollChannels({ channels, voices }: { channels: readonly RollChannel[] | undefined; voices: boolean }) {
  if (!voices) return channels ?? FORMAT.channels;
  if (channels === undefined) return VOICES_FORMAT.channels;
  throw new UsageError('--voices is short for a list of --channels: leave one of them out');
}

/** Bytes. The largest of a hundred thousand MIDI files on the web is a few megabytes. */
const MAX_MIDI_BYTES = 64 * 2 ** 20;
