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

  /** Number of unfinished tunes when each tune was passed to the writer. */
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
  const watched = (writer: ReturnType<typeof memoryTuneWriter>): TuneWriter => ({
    write(tune) {
      underWay.push(writer.underWay);
      onTune(underWay.length);
      return writer.write(tune);
    },
    close: () => writer.close().then(() => void closed++),
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
      loadNoiseSearchFactory: () => Promise.reject(new Error('no noise search is requested')),
    })(request);
  };
  const written = (end: string): number => [...files.files.keys()].filter((path) => path.endsWith(end)).length;

  it('writes few tunes at the same time, and resolves when all are written', async () => {
    const { tunes } = await compose(100);
    expect(tunes.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect([written('.mid'), written('.png'), closed]).toEqual([100, 100, 1]);
    expect(Math.max(...underWay)).toBeGreaterThan(4);
    expect(Math.max(...underWay)).toBeLessThan(16);
  });

  it('opens a tune writer in its own thread only for many tunes', async () => {
    for (const count of [1, 8, 60]) {
      await compose(count);
      files.files.forEach((_, path) => path.startsWith('out/') && files.files.delete(path));
    }
    expect(opened).toEqual([false, false, true]);
  });

  it('reports how many tunes are written when interrupted, and finishes those', async () => {
    onTune = (number) => number === 50 && stop.abort();
    const stopped = compose(100);
    await expect(stopped).rejects.toThrow(InterruptedError);
    await expect(stopped).rejects.toThrow('composing was stopped after 50 of 100 tunes; those are in out');
    expect([written('.mid'), written('.png'), closed]).toEqual([50, 50, 1]);
  });

  it('starts no more tunes after a failed write, and waits for the unfinished ones', async () => {
    files.files.set('out/tune-0050.png/x', new Uint8Array());
    await expect(compose(100, true)).rejects.toThrow(FileAccessError);
    expect(underWay.length).toBeLessThan(80);
    // All but one have both files.
    expect([written('.mid') - written('.png'), written('.mid'), closed]).toEqual([1, underWay.length, 1]);
  });
});
