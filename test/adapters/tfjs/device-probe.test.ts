import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { tfjsDeviceProbe } from '../../../src/adapters/tfjs/device-probe.js';
import { findTfjs, INSTALL_COMMANDS } from '../../../src/adapters/tfjs/tfjs-library.js';
import { deviceProbeContract } from '../../contracts/device-probe.contract.js';
import { runProbeScript } from '../../../src/adapters/node-platform/run-probe-script.js';

deviceProbeContract('tfjs', () => tfjsDeviceProbe(runProbeScript), 'wasm');

describe('a device that does not work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-tfjs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const library = (name: string, source: string) => {
    writeFileSync(join(folder, `${name}.cjs`), source);
    return { find: () => ({ files: [join(folder, `${name}.cjs`)] }), patience: 2000 };
  };
  const backend = (add: string, gpu: boolean): string =>
    `module.exports = { enableProdMode() {}, setBackend: async () => true, tensor: (x) => x,
      backend: () => ({ isUsingGpuDevice: ${gpu} }), add() { ${add} } };`;

  it('for want of its package: the command that installs it, and what it needs besides', async () => {
    const find = () => ({ reason: 'the package x is not installed', remedy: INSTALL_COMMANDS.gpu });
    const trial = await tfjsDeviceProbe(runProbeScript, { find }).attempt('gpu');
    expect(trial).toMatchObject({ works: false, reason: 'the package x is not installed' });
    expect((trial as { remedy: string }).remedy).toMatch(
      /^npm install --no-save @tensorflow\/tfjs-node-gpu@4\.22\.0 .*CUDA 11\.2.*cuDNN 8\.1.*Node\.js below 23/,
    );
  });

  it('on a Node.js that tfjs-node fails on', () => {
    for (const device of ['gpu', 'cpu'] as const) {
      expect(findTfjs(device, '23.0.0')).toEqual({
        reason: expect.stringMatching(/^@tensorflow\/tfjs-node.* fails on Node\.js 23 and later, this is 23\.0\.0$/),
        remedy: 'use Node.js 20 or 22',
      });
      expect(findTfjs(device, '22.23.0')).not.toMatchObject({ remedy: 'use Node.js 20 or 22' });
    }
    expect(findTfjs('wasm', '26.1.0')).toHaveProperty('files');
  });

  it('a package whose native part was never built', async () => {
    const source = `throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: x")`;
    expect(await tfjsDeviceProbe(runProbeScript, library('unbuilt', source)).attempt('cpu')).toEqual({
      device: 'cpu',
      works: false,
      reason: 'its native library is not there or cannot be loaded',
      remedy: expect.stringContaining('scripts/build-tfjs-node.sh LIBTENSORFLOW_DIR'),
    });
  });

  it.each([
    ['crashes', backend('process.kill(process.pid, "SIGABRT")', true), 'the library crashed (SIGABRT)'],
    ['computes nonsense', backend('return { dataSync: () => [43] }', true), 'it computed a wrong value'],
    ['has no card', backend('return { dataSync: () => [42] }', false), 'it finds no GPU'],
  ])('a library that %s', async (name, source, reason) => {
    const trial = await tfjsDeviceProbe(runProbeScript, library(name.replaceAll(' ', '-'), source)).attempt('gpu');
    expect(trial).toMatchObject({ device: 'gpu', works: false, reason });
  });
});
