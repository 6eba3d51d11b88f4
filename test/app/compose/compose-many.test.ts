import { beforeEach, describe, expect, it } from '@jest/globals';
import { createCompose } from '../../../src/app/compose/compose.js';
import type { ComposeRequest, ComposeResult } from '../../../src/app/compose/compose-request.js';
import { FileAccessError, InterruptedError } from '../../../src/domain/errors.js';
import type { TuneWriter } from '../../../src/ports/tune-writer.js';
import { formulaGeneratorRuntime } from '../../support/fakes/formula-generator-runtime.js';
import { jsonModelFormat } from '../../support/fakes/json-model-format.js';
import { memoryTuneWriter } from '../../support/fakes/memory-tune-writer.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { tinyProbabilities, tinyGenerator, tinyMetadata } from '../../support/model/tiny-generator.js';

describe('compose of many tunes', () => {
  let files: ReturnType<typeof createMemoryFileStore>;
  let stop: AbortController;

  /** How many tunes were under way when each was given. */
  let underWay: number[];
  let opened: boolean[];
  let closed: number;
  let onTune: (number: number) => void;
  beforeEach(async () => {
    files = createMemoryFileStore();
    files.files.set('tiny.onnx', await jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata));
    stop = new AbortController();
    [underWay, opened, closed] = [[], [], 0];
    onTune = () => undefined;
  });
  const watched = (engraver: ReturnType<typeof memoryTuneWriter>): TuneWriter => ({
    write(tune) {
      underWay.push(engraver.underWay);
      onTune(underWay.length);
      return engraver.write(tune);
    },
    close: () => engraver.close().then(() => void closed++),
  });
  const compose = (count: number, replace = false): Promise<ComposeResult> => {
    const request: ComposeRequest = {
      ...{ model: 'tiny.onnx', count, seed: 7, out: 'out', device: 'auto' },
      ...{ replace, qpm: 90, program: 21 },
    };
    return createCompose({
      files,
      runtime: formulaGeneratorRuntime(tinyProbabilities),
      openTuneWriter: async (apart) => {
        opened.push(apart);
        return watched(memoryTuneWriter(files));
      },
      console: recordingConsole(),
      signal: stop.signal,
      loadRender: () => Promise.reject(new Error('no sound is asked for')),
      loadNoiseSearchFactory: () => Promise.reject(new Error('nothing is searched for')),
    })(request);
  };
  const written = (end: string): number => [...files.files.keys()].filter((path) => path.endsWith(end)).length;

  it('has few of them under way, whatever the count, and ends when all are there', async () => {
    const { tunes } = await compose(100);
    expect(tunes.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect([written('.mid'), written('.png'), closed]).toEqual([100, 100, 1]);
    expect(Math.max(...underWay)).toBeGreaterThan(4);
    expect(Math.max(...underWay)).toBeLessThan(16);
  });

  it('wants an engraver apart from the model for many only', async () => {
    for (const count of [1, 8, 60]) {
      await compose(count);
      files.files.forEach((_, path) => path.startsWith('out/') && files.files.delete(path));
    }
    expect(opened).toEqual([false, false, true]);
  });

  it('counts what is there when it is interrupted, and leaves nothing half done', async () => {
    onTune = (number) => number === 50 && stop.abort();
    const stopped = compose(100);
    await expect(stopped).rejects.toThrow(InterruptedError);
    await expect(stopped).rejects.toThrow('composing was stopped after 50 of 100 tunes; those are in out');
    expect([written('.mid'), written('.png'), closed]).toEqual([50, 50, 1]);
  });

  it('begins no more tunes when one cannot be written, and waits for those under way', async () => {
    files.files.set('out/tune-0050.png/x', new Uint8Array());
    await expect(compose(100, true)).rejects.toThrow(FileAccessError);
    expect(underWay.length).toBeLessThan(80);
    // All but one have both files.
    expect([written('.mid') - written('.png'), written('.mid'), closed]).toEqual([1, underWay.length, 1]);
  });
});
