import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { onnxruntimeDeviceProbe } from '../../../../src/adapters/onnx/session/device-probe.js';
import { referenceDeviceProbe } from '../../../../src/adapters/reference/device-probe.js';
import { deviceProbeContract } from '../../../contracts/device-probe.contract.js';
import { scriptedDeviceProbe } from '../../../support/fakes/scripted-device-probe.js';
import { runProbeScript } from '../../../../src/adapters/node-platform/run-probe-script.js';

deviceProbeContract('onnxruntime', () => onnxruntimeDeviceProbe(runProbeScript));
deviceProbeContract('reference', () => referenceDeviceProbe);
deviceProbeContract('scripted (fake)', () =>
  scriptedDeviceProbe('scripted', [{ device: 'cuda', works: false, reason: 'no card' }]),
);

describe('a library that fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-probe-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const library = (name: string, source: string): string => {
    const path = join(folder, `${name}.cjs`);
    writeFileSync(path, source);
    return path;
  };
  const session = (run: string): string =>
    `exports.Tensor = class {}; exports.InferenceSession = { create: async () => ({ run: async () => { ${run} } }) };`;

  it.each([
    ['crashes', 'process.kill(process.pid, "SIGABRT")', 'the library crashed (SIGABRT)'],
    ['hangs', 'return new Promise(() => setInterval(() => {}, 1000))', 'it did not answer within 1 seconds'],
    ['computes nonsense', 'return { y: { data: [43] } }', 'it computed a wrong value'],
    ['throws', 'throw new Error("no\\ncard")', 'no'],
  ])('and %s makes a device that does not work', async (name, run, reason) => {
    const probe = onnxruntimeDeviceProbe(runProbeScript, {
      library: library(name.replaceAll(' ', '-'), session(run)),
      timeout: 1000,
    });
    expect(await probe.attempt('cpu')).toEqual({ device: 'cpu', works: false, reason, remedy: 'npm ci' });
  });

  it('and is missing is reported as such', async () => {
    const probe = onnxruntimeDeviceProbe(runProbeScript, { library: join(folder, 'absent.cjs') });
    expect(await probe.attempt('cpu')).toMatchObject({ works: false, reason: 'the library could not be loaded' });
  });

  it('without CUDA names the command that installs it', async () => {
    const source = session(
      'throw new Error("OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library")',
    );
    const trial = await onnxruntimeDeviceProbe(runProbeScript, { library: library('cuda', source) }).attempt('cuda');
    expect(trial).toMatchObject({ works: false, remedy: expect.stringMatching(/^npm run cuda /) });
  });

  it('without a GPU says what webgpu needs', async () => {
    const source = session('throw new Error("Failed to get a WebGPU adapter: No supported adapters")');
    const trial = await onnxruntimeDeviceProbe(runProbeScript, { library: library('webgpu', source) }).attempt(
      'webgpu',
    );
    expect(trial).toMatchObject({ works: false, reason: 'it finds no GPU with a driver it accepts' });
  });
});
