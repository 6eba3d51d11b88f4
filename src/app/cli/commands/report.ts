import { defineCommand } from '../command.js';
import { flag, text } from '../option.js';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'write one HTML page of a run, or of a folder of tunes to look at and listen to',
  positionals: { usage: '<folder>', describe: 'a run, or a folder of MIDI files', min: 1, max: 1 },
  options: {
    out: text('file', 'the page to write', undefined, 'report.html in the folder'),
    force: flag('replace an existing file'),
  },
  examples: [
    ['apollo report out', 'the tunes of the folder out, with players'],
    ['apollo report runs/first --force', 'losses, discriminator scores and samples of a run, as they are now'],
  ],
  createAction({ out, force }, [path]) {
    return async (services) => {
      const [writeReport, { describeReport }] = await Promise.all([
        services('writeReport'),
        import('../../report/describe.js'),
      ]);
      const result = await writeReport({ path: path!, out, replace: force });
      return { lines: describeReport(result), json: result };
    };
  },
});
