import { defineCommand } from '../command.js';
import { PICTURE_OPTIONS, SOUND_OPTIONS, themeOf } from '../appearance-options.js';
import { decimal, flag, text } from '../option.js';

export const renderCommand = defineCommand({
  name: 'render',
  summary: 'make a picture and sound of MIDI files: .png and .wav',
  positionals: { usage: '<midi...>', describe: 'one or more MIDI files', min: 1, max: 10_000 },
  options: {
    png: flag('only the picture, unless --wav is given too'),
    wav: flag('only the sound, unless --png is given too'),
    grid: text('file', 'draw all tunes small into one picture; other files only with --png or --wav', undefined),
    out: text('folder', 'folder for the files', undefined, 'beside each MIDI file'),
    force: flag('replace existing files of the same names'),
    title: text('words', 'title above the picture', undefined, "the tune's name"),
    ...PICTURE_OPTIONS,
    ...SOUND_OPTIONS,
    qpm: decimal('tempo in quarter notes a minute', { low: 4, high: 1000 }, undefined, "the file's own"),
  },
  examples: [
    ['apollo render tune.mid', 'writes tune.png and tune.wav'],
    ['apollo render out/*.mid --wav --force', 'the sound of each'],
    ['apollo render out/*.mid --grid all.png', 'one picture of all of them'],
    ['apollo render tune.mid --png --dark --scale 8', 'a large picture on dark paper'],
  ],
  createAction({ png, wav, grid, out, force, title, scale, soundfont, minutes, qpm, light, dark }, paths) {
    const isAll = !png && !wav && grid === undefined;
    const [draws, sounds] = [png || isAll, wav || isAll];
    const theme = themeOf({ light, dark });
    return async (services) => {
      const [render, { describeRendered }] = await Promise.all([
        services('render'),
        import('../../render/describe.js'),
      ]);
      const rendered = await render({
        paths,
        picture: draws ? { scale, theme, title } : undefined,
        grid: grid === undefined ? undefined : { path: grid, scale, theme },
        sound: sounds ? { soundFont: soundfont, minutes } : undefined,
        qpm,
        out,
        replace: force,
      });
      const together = grid === undefined ? [] : [`all together in ${grid}`];
      return { lines: [...describeRendered(rendered), ...together], json: { files: rendered, grid: grid ?? null } };
    };
  },
});
