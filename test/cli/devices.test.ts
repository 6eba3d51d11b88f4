import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApollo, linesOf } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

describe('a device that is not there', () => {
  const cwd = scratch();

  it('is one sentence, exit code 1, and nothing written', async () => {
    expect((await runApollo(['prepare', '--demo', '4', '--out', 'data', '--quiet'], { cwd })).code).toBe(0);
    const noGpu = { VK_ICD_FILENAMES: '/nowhere.json', NODE_PATH: undefined };
    for (const [engine, device, sentence] of [
      ['tfjs', 'gpu', /tfjs has no device "gpu" here: .*; to get it: /],
      ['tfjs', 'cuda', /tfjs has no device "cuda"; use auto, gpu, cpu, wasm, js/],
      ['onnxruntime', 'webgpu', /onnxruntime's device "webgpu" does not work on this machine: .*; use --device cpu/],
      ['onnxruntime', 'wasm', /onnxruntime has no device "wasm"; use auto, cpu, cuda, webgpu/],
      ['reference', 'wasm', /the reference engine has no device "wasm"; it has cpu/],
    ] as const) {
      const asked = [
        'train',
        'data',
        '--depth',
        '1',
        '--batch',
        '2',
        '--out',
        'run',
        '--engine',
        engine,
        '--device',
        device,
      ];
      const { code, stdout, stderr } = await runApollo(asked, { cwd, env: noGpu });
      expect({ engine, device, code, stdout }).toEqual({ engine, device, code: 1, stdout: '' });
      expect(linesOf(stderr)).toEqual([expect.stringMatching(sentence)]);
      expect(existsSync(join(cwd, 'run'))).toBe(false);
    }
  }, 60_000);
});

describe('an optional package', () => {
  const cwd = scratch();
  const report = join(cwd, 'loaded');
  writeFileSync(
    join(cwd, 'hook.cjs'),
    `process.on('exit', () => {
      require('fs').writeFileSync(${JSON.stringify(report)}, Object.keys(require.cache).join('\\n'));
    });`,
  );
  const loadedBy = async (...args: readonly string[]): Promise<boolean> => {
    const env = { NODE_OPTIONS: `--require ${join(cwd, 'hook.cjs')}` };
    expect(await runApollo([...args, '--quiet'], { cwd, env })).toMatchObject({ code: 0 });
    return readFileSync(report, 'utf8').includes('@tensorflow');
  };

  it('is loaded when it is requested, and never otherwise', async () => {
    expect(await loadedBy('prepare', '--demo', '4', '--out', 'data')).toBe(false);
    const size = ['--depth', '1', '--batch', '2', '--epochs', '1'];
    const train = (engine: string, device: string) =>
      loadedBy('train', 'data', ...size, '--force', '--out', 'run', '--engine', engine, '--device', device);
    expect(await train('onnxruntime', 'cpu')).toBe(false);
    expect(await train('tfjs', 'wasm')).toBe(true);
    expect(await loadedBy('models')).toBe(false);
  }, 60_000);
});
