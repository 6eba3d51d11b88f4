import { beforeEach, describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { lineChart, shareChart } from '../../../src/app/pages/chart.js';
import { html, jsonHtml } from '../../../src/app/pages/html.js';
import { describeReport } from '../../../src/app/report/describe.js';
import { createWriteReport } from '../../../src/app/report/report.js';
import { PAGE_SCRIPTS } from '../../../src/app/pages/page.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  FileAccessError,
  UnusableSourcesError,
} from '../../../src/domain/errors.js';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../../src/domain/random.js';
import { createFakeRunStore } from '../../support/fakes/fake-run-store.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { checkpointOf, configuration } from '../../support/run-fixtures.js';
import { scoreReadersOf } from '../../support/midi/score-readers-of.js';

const tune = (seed: number): Uint8Array =>
  createStandardMidiWriter().write(composeDemoTune(randomStream(seed, 'tunes', 0)));

describe('report', () => {
  let files: ReturnType<typeof createMemoryFileStore>;
  let runs: ReturnType<typeof createFakeRunStore>;
  beforeEach(() => {
    files = createMemoryFileStore();
    runs = createFakeRunStore();
    for (const name of PAGE_SCRIPTS) files.files.set(`page/${name}`, Buffer.from(`/* ${name} */`));
    files.files.set('out/b.mid', tune(1));
    files.files.set('out/a.mid', tune(2));
    files.files.set('out/notes.txt', Uint8Array.of(1));
  });
  const report = (path: string, changes: { readonly out?: string; readonly replace?: boolean } = {}) => {
    const [scoreReaders, midiWriter] = [scoreReadersOf(), createStandardMidiWriter()];
    const ports = { files, scoreReaders, midiWriter, pictures: plainPictureEncoder, runs, pageFolder: 'page' };
    return createWriteReport(ports)({ path, out: undefined, replace: false, ...changes });
  };
  const text = (path: string): string => Buffer.from(files.files.get(path)!).toString();

  it('writes one page of a folder of tunes, ordered by name, that refers to no host', async () => {
    const result = await report('out/');
    expect(result).toMatchObject({ kind: 'tunes', report: 'out/report.html', tunes: 2, notices: [] });
    const page = text('out/report.html');
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(['a', 'b']);
    expect(page).not.toMatch(/(src|href|srcset)="(?!data:|#)/);
    expect(page.match(/https?:\/\//)).toBeNull();
    for (const name of PAGE_SCRIPTS) expect(page).toContain(name);
    expect(describeReport(result)[0]).toMatch(/^report of 2 tunes: out\/report.html, \d[.]\d+ MB/);
    const data = JSON.parse(/id="tunes">(.*?)<\/script>/s.exec(page)![1]!) as { notes: number[][]; seconds: number }[];
    expect(data.map(({ notes }) => notes.length)).toEqual(
      [2, 1].map((seed) => composeDemoTune(randomStream(seed, 'tunes', 0)).tracks.flatMap(({ notes }) => notes).length),
    );
  });

  it('gives equal bytes for equal tunes', async () => {
    await report('out', { out: 'one.html' });
    await report('out', { out: 'two.html' });
    expect(text('one.html')).toBe(text('two.html'));
  });

  it('leaves out damaged files with a notice', async () => {
    files.files.set('out/c.mid', Uint8Array.of(1, 2, 3));
    const { tunes, notices } = await report('out');
    expect([tunes, notices.length]).toEqual([2, 1]);
    expect(notices[0]).toMatch(/^left out: out\/c.mid: .*byte 0/);
  });

  it.each<[string, string, new (...args: never[]) => Error, RegExp]>([
    ['a folder that does not exist', 'none', FileAccessError, /none/],
    ['a file', 'out/a.mid', FileAccessError, /name a run or a folder/],
    ['neither a run nor tunes', 'page', DamagedFileError, /holds neither a run \(run\.json\) nor MIDI files/],
    ['only broken tunes', 'bad', UnusableSourcesError, /bad\/x.mid/],
  ])('writes nothing for %s', async (_what, path, error, reason) => {
    files.files.set('bad/x.mid', Uint8Array.of(0));
    const before = files.files.size;
    await expect(report(path)).rejects.toThrow(error);
    await expect(report(path)).rejects.toThrow(reason);
    expect(files.files.size).toBe(before);
  });

  it('replaces a file only with --force', async () => {
    await report('out');
    await expect(report('out')).rejects.toThrow(AlreadyExistsError);
    await report('out', { replace: true });
  });

  it('shows the charts, samples, settings and commands of a run', async () => {
    const run = await runs.create('runs/x', configuration, { replace: false });
    const entry = (step: number) => ({
      ...{ step, epoch: 1, 'discriminator.loss': 1 / step, 'generator.loss': step, 'distance.pitch': 0.25 },
      ...{ 'real.judged_real': 5, 'real.ambiguous': 2, 'real.judged_fake': 1 },
    });
    await run.appendLog([1, 2, 3].map((step) => ({ ...entry(step), 'distance.frechet': 12 / step })));
    await run.saveCheckpoint(checkpointOf(2), new Set());
    await run.close();
    files.files.set('runs/x/run.json', Uint8Array.of(1));
    for (const epoch of ['0001', '0002'])
      files.files.set(`runs/x/samples/epoch-${epoch}/tune-1.mid`, tune(Number(epoch)));
    const { kind, tunes } = await report('runs/x');
    expect([kind, tunes]).toEqual(['run', 1]);
    const page = text('runs/x/report.html');
    expect([...page.matchAll(/<figcaption>(.*?)</g)].map(([, title]) => title)).toEqual([
      'Losses',
      'Discriminator scores of real rolls',
      'distance.pitch',
      'Frechet distance between samples and real tunes',
    ]);
    expect([...page.matchAll(/scope="col">(epoch \d)/g)].map(([, head]) => head)).toEqual(['epoch 1', 'epoch 2']);
    expect(page).toContain('tune 1 after epoch 2');
    expect(page).toContain('nearest to real tunes after step 2: Frechet distance 6');
    expect(page).toContain(`--seed ${configuration.seed}`);
    expect(page).toContain(configuration.dataset.digest);
  });

  it('shows a run without steps', async () => {
    await (await runs.create('runs/y', configuration, { replace: false })).close();
    files.files.set('runs/y/run.json', Uint8Array.of(1));
    expect((await report('runs/y')).tunes).toBe(0);
    expect(text('runs/y/report.html')).toMatch(/nothing was logged yet[^]*no samples yet/);
  });
});

describe('html', () => {
  it('escapes everything but Html values', () => {
    expect(html`<p title="${'"<&'}">${html`<b>${1}</b>`}${[html`x`, html`y`]}</p>`.html).toBe(
      '<p title="&#34;&#60;&#38;"><b>1</b>xy</p>',
    );
    expect(jsonHtml({ a: '</script>' }).html).not.toContain('<');
    expect(html`${'a\u0000\ud800b'}`.html).toBe('a\ufffd\ufffdb');
  });
});

describe('charts', () => {
  const series = (values: readonly number[]) => [{ name: 'loss', color: 'a' as const, values }];

  it('hold only finite numbers, whatever is logged', () => {
    for (const values of [
      [NaN, 1, 2],
      [0, 0, 0],
      [1e-9, 1, 1e9],
      [-1, 0, Infinity],
      [5, 5, 5],
      [-0.3, -0.3, -0.3],
      [-2, -1, -3],
    ]) {
      const { html: text } = lineChart('x', [1, 2, 3], series(values));
      expect(text.replace('–', '')).not.toMatch(/NaN|Infinity|undefined/);
    }
    expect(lineChart('x', [], series([])).html).toContain('nothing was logged');
  });

  it('draw many steps with few points, and rise where the values rise', () => {
    const steps = Array.from({ length: 10_000 }, (_, i) => i + 1);
    const { html: text } = lineChart('x', steps, series(steps.map((step) => step / 100 + 1)));
    const points = /<polyline\s+points="([^"]*)"/
      .exec(text)![1]!
      .split(' ')
      .map((point) => Number(point.split(',')[1]));
    expect(points.length).toBeLessThanOrEqual(240);
    expect(points).toEqual([...points].sort((a, b) => b - a));
  });

  it('draw shares as one area per series', () => {
    const { html: text } = shareChart('x', [1, 2], [...series([6, 2]), { name: 'other', color: 'b', values: [2, 6] }]);
    expect(text.match(/<polygon/g)).toHaveLength(2);
  });
});
