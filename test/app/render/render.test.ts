import { beforeEach, describe, expect, it } from '@jest/globals';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { describeRendered } from '../../../src/app/render/describe.js';
import { yieldToEventLoop } from '../../../src/adapters/node-platform/yield-to-event-loop.js';
import { createRenderSound, type RenderSoundPorts } from '../../../src/app/sound/render-sound.js';
import { createRender, type RenderRequest } from '../../../src/app/render/render.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  FileAccessError,
  InterruptedError,
  UsageError,
} from '../../../src/domain/errors.js';
import { MidiFileError } from '../../../src/domain/midi/midi-error.js';
import type { Note, Score } from '../../../src/domain/music/score.js';
import { parseWav } from '../../../src/domain/sound/wav.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { decodePlainPicture, plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { sineFont, sineSynthesizer } from '../../support/fakes/sine-synthesizer.js';

const note = (beat: number, pitch: number, channel = 0): Note => ({
  ...{ pitch, channel, velocity: 90, startTick: beat * 96, durationTicks: 96 },
});
const score = (name: string, program: number, notes: readonly Note[]): Score => ({
  ...{ ticksPerBeat: 96, timeSignatures: [], keySignatures: [], endTick: 4 * 96 },
  tempos: [{ tick: 0, microsecondsPerBeat: 250_000 }],
  tracks: [{ name, program, notes }],
});
const midi = (...args: Parameters<typeof score>): Uint8Array => createStandardMidiWriter().write(score(...args));

describe('render', () => {
  let files: ReturnType<typeof createMemoryFileStore>;
  let console: ReturnType<typeof recordingConsole>;
  let stop: AbortController;

  let synthesizer: ReturnType<typeof sineSynthesizer>;
  beforeEach(() => {
    files = createMemoryFileStore(['made']);
    files.files.set('in/a.mid', midi('Air', 40, [note(0, 69), note(3, 72)]));
    files.files.set('in/b.MIDI', midi('', 41, [note(0, 60), note(1, 36, 9)]));
    files.files.set('font.sf2', sineFont('0,40'));
    console = recordingConsole();
    stop = new AbortController();
    synthesizer = sineSynthesizer();
  });
  const request: RenderRequest = {
    paths: ['in/a.mid'],
    picture: { scale: undefined, theme: 'light', title: undefined },
    sound: { soundFont: undefined, minutes: 30 },
    qpm: undefined,
    out: undefined,
    replace: false,
  };
  const render = (changes: Partial<RenderRequest> = {}) => {
    const digest: RenderSoundPorts['digest'] = async (bytes) => Buffer.from(bytes).toString('base64').slice(-300);
    const ports = {
      files,
      synthesizer,
      digest,
      console,
      signal: stop.signal,
      yieldToEventLoop,
      defaultSoundFont: 'font.sf2',
    };
    const renderSound = createRenderSound(ports);
    const midiReader = createStandardMidiReader();
    return createRender({ files, midiReader, pictures: plainPictureEncoder, loadRenderSound: async () => renderSound })(
      {
        ...request,
        ...changes,
      },
    );
  };
  const writtenPaths = (): string[] => [...files.files.keys()].filter((path) => !/^(in\/.*[.]mid|font)/i.test(path));

  it('writes a picture and a sound next to the MIDI file and describes them', async () => {
    const [rendered] = await render();
    expect(writtenPaths()).toEqual(['in/a.png', 'in/a.wav']);
    expect(rendered).toEqual({
      ...{ midi: 'in/a.mid', notes: 2, seconds: 1, png: 'in/a.png', wav: 'in/a.wav', notices: [] },
      wavSeconds: expect.closeTo(3.5, 2),
    });
    expect(decodePlainPicture(files.files.get('in/a.png')!).width).toBeGreaterThan(100);
    const wave = parseWav(files.files.get('in/a.wav')!);
    expect([wave.sampleRate, wave.channels, wave.bitsPerSample]).toEqual([44_100, 2, 16]);
    expect(Buffer.from(files.files.get('in/a.wav')!.subarray(0, 100)).includes('Air')).toBe(true);
    expect(console.updates.at(-1)).toMatchObject({ done: 4, total: 4, unit: 'seconds of sound' });
    expect(describeRendered([rendered!])).toEqual([
      'in/a.mid: 2 notes, 1.0 s',
      '  picture: in/a.png',
      '  sound: in/a.wav, 3.5 s',
    ]);
  });

  it('writes only the requested files, to the requested folder', async () => {
    await render({ paths: ['in/a.mid', 'in/b.MIDI'], sound: undefined, out: 'made' });
    expect(writtenPaths()).toEqual(['made/a.png', 'made/b.png']);
    await render({ picture: undefined, out: 'other/' });
    expect(writtenPaths().slice(2)).toEqual(['other/a.wav']);
  });

  it('draws all tunes into one grid', async () => {
    const grid = { path: 'all.png', scale: undefined, theme: 'dark' } as const;
    await render({ paths: ['in/a.mid', 'in/b.MIDI'], picture: undefined, sound: undefined, grid });
    expect(writtenPaths()).toEqual(['all.png']);
    const { width, height } = decodePlainPicture(files.files.get('all.png')!);
    expect([width, height]).toEqual([2 * (256 + 6) + 6, 64 + 12]);
    await expect(render({ grid })).rejects.toThrow('all.png');
  });

  it('reports which tunes the grid truncates', async () => {
    files.files.set('in/long.mid', midi('', 0, [note(0, 60), note(127, 60), note(128, 60)]));
    files.files.set('in/fits.mid', midi('', 0, [note(0, 60), note(127, 60)]));
    const grid = { path: 'all.png', scale: undefined, theme: 'dark' } as const;
    const rendered = await render({
      paths: ['in/long.mid', 'in/fits.mid'],
      picture: undefined,
      sound: undefined,
      grid,
    });
    expect(rendered.map(({ notices }) => notices)).toEqual([['the grid shows its first 128 beats'], []]);
  });

  it('reports which instrument replaces a missing one, and that drums are silent', async () => {
    const [rendered] = await render({ paths: ['in/b.MIDI'] });
    expect(rendered!.notices).toEqual([
      '1 drum note is not drawn: drums have no pitch',
      'the SoundFont has no viola (program 41): violin plays instead',
      'the SoundFont has no drum kit: 1 drum note is silent',
    ]);
    const again = await render({ paths: ['in/b.MIDI'], replace: true });
    expect(again[0]!.notices).toEqual(rendered!.notices); // also for a file that is up to date
    expect(synthesizer.played).toBe(1);
  });

  it('writes the same bytes again, and does not render a sound that is up to date', async () => {
    await render();
    const first = files.files.get('in/a.wav')!;
    await render({ replace: true });
    expect(synthesizer.played).toBe(1);
    files.files.delete('in/a.wav');
    await render({ replace: true });
    expect(synthesizer.played).toBe(2);
    expect(Buffer.compare(first, files.files.get('in/a.wav')!)).toBe(0);
  });

  it.each<[string, () => Partial<RenderRequest>]>([
    ['another tempo', () => ({ qpm: 100 })],
    [
      'another SoundFont',
      () => (files.files.set('mine.sf2', sineFont('0,41')), { sound: { soundFont: 'mine.sf2', minutes: 30 } }),
    ],
    ['a shorter limit', () => ({ sound: { soundFont: undefined, minutes: 1 }, qpm: 1 })],
    ['a truncated file', () => (files.files.set('in/a.wav', files.files.get('in/a.wav')!.subarray(0, 3000)), {})],
    ['a file that is not a WAV file', () => (files.files.set('in/a.wav', Uint8Array.of(1, 2)), {})],
  ])('renders the sound again for %s', async (_what, change) => {
    await render();
    await render({ replace: true, ...change() });
    expect(synthesizer.played).toBe(2);
    expect(parseWav(files.files.get('in/a.wav')!).frames).toBeGreaterThan(100_000);
  });

  it('truncates long music and reports it', async () => {
    const [rendered] = await render({ qpm: 1, sound: { soundFont: undefined, minutes: 1.5 }, picture: undefined });
    expect([rendered!.seconds, rendered!.wavSeconds]).toEqual([240, expect.closeTo(62.5, 1)]);
    expect(rendered!.notices).toEqual(['the sound ends after 1.5 minutes; --minutes asks for more']);
  });

  it.each<[string, Partial<RenderRequest>, new (...args: never[]) => Error, RegExp]>([
    ['a missing file', { paths: ['in/a.mid', 'in/none.mid'] }, FileAccessError, /none.mid/],
    ['a file that is not MIDI', { paths: ['in/a.mid', 'font.sf2'] }, MidiFileError, /font.sf2: /],
    ['two files of the same name', { paths: ['in/a.mid', 'a.mid'], out: 'x' }, UsageError, /x\/a.png/],
    [
      'a file that is not a SoundFont',
      { picture: undefined, sound: { soundFont: 'in/a.mid', minutes: 3 } },
      DamagedFileError,
      /in\/a.mid cannot be used as a SoundFont/,
    ],
    [
      'minutes that are not a number',
      { picture: undefined, sound: { soundFont: undefined, minutes: NaN } },
      UsageError,
      /minutes/,
    ],
  ])('writes nothing for %s', async (_what, changes, error, reason) => {
    await expect(render(changes)).rejects.toThrow(error);
    await expect(render(changes)).rejects.toThrow(reason);
    expect(writtenPaths()).toEqual([]);
  });

  it('replaces a file only with `replace`', async () => {
    files.files.set('in/a.wav', Uint8Array.of(7));
    await expect(render()).rejects.toThrow(AlreadyExistsError);
    await expect(render()).rejects.toThrow('in/a.wav');
    expect(writtenPaths()).toEqual(['in/a.wav']);
  });

  it('stops when interrupted, and leaves no partial file', async () => {
    stop.abort();
    await expect(render({ picture: undefined })).rejects.toThrow(InterruptedError);
    expect(writtenPaths()).toEqual([]);
  });
});
