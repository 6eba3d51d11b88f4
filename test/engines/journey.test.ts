import { describe, expect, it } from '@jest/globals';
import { runApollo, lastJson } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

describe('as a user does it', () => {
  const cwd = scratch();
  const run = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await runApollo([...args, '--json'], { cwd });
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return lastJson(stdout) as Record<string, unknown>;
  };

  it('a run begun on one engine goes on on each other one, and composes', async () => {
    await run('prepare', '--demo', '4', '--out', 'data');
    const small = ['--depth', '1', '--batch', '2', '--sample-every', '2', '--checkpoint-every', '1'];
    await run('train', 'data', ...small, '--epochs', '1', '--out', 'run', '--engine', 'tfjs', '--device', 'wasm');
    const turns = [
      ['tfjs', 'cpu'],
      ['onnxruntime', 'webgpu'],
      ['tfjs', 'js'],
      ['onnxruntime', 'cpu'],
    ] as const;
    for (const [i, [engine, device]] of turns.entries()) {
      const more = ['--epochs', String(i + 2), '--engine', engine, '--device', device];
      const { stepsNow, configuration } = await run('train', '--resume', 'run', ...more);
      expect(stepsNow).toBeGreaterThan(0);
      expect((configuration as { engine: object }).engine).toMatchObject({ name: engine, device });
    }
    await run('export', 'run');
    await run('compose', '--model', 'run/model.onnx', '--count', '2', '--seed', '7', '--out', 'out');
  }, 300_000);

  it('the doctor finds them all', async () => {
    const { devices } = (await run('doctor')) as { devices: { engine: string; device: string; works: boolean }[] };
    const working = devices.filter(({ works }) => works).map(({ engine, device }) => `${engine} ${device}`);
    expect(working).toEqual(
      expect.arrayContaining(['onnxruntime cpu', 'onnxruntime webgpu', 'tfjs cpu', 'tfjs wasm', 'tfjs js']),
    );
  }, 60_000);
});
