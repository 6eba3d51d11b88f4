import { expect, it } from '@jest/globals';
import { describeDiagnosis } from '../../../src/app/doctor/describe.js';
import { createDoctor } from '../../../src/app/doctor/doctor.js';
import { manualClock } from '../../support/fakes/manual-clock.js';
import { scriptedDeviceProbe } from '../../support/fakes/scripted-device-probe.js';

const machine = {
  facts: () => ({ platform: 'linux x64', node: '20.19.0', cores: 2, memory: { total: 2 ** 33, free: 2 ** 31 } }),
};

it('the doctor tries every device of every engine, and names the command that makes a device work', async () => {
  const probes = [
    scriptedDeviceProbe('onnxruntime', [{ device: 'cuda', works: false, reason: 'no card', remedy: 'npm run cuda' }]),
    scriptedDeviceProbe('reference'),
  ];
  const diagnosis = await createDoctor({
    machine,
    deviceProbes: probes,
    checkShippedModel: async () => ({ works: false, reason: 'no model' }),
    clock: manualClock(),
  })();
  expect(diagnosis.devices).toEqual([
    { engine: 'onnxruntime', device: 'cpu', works: true },
    { engine: 'onnxruntime', device: 'cuda', works: false, reason: 'no card', remedy: 'npm run cuda' },
    { engine: 'reference', device: 'cpu', works: true },
  ]);
  expect(describeDiagnosis(diagnosis)).toEqual([
    'machine  linux x64, 2 cores, 8.0 GB of memory (2.0 GB free), Node.js 20.19.0',
    '',
    'engine       device  works',
    'onnxruntime  cpu     yes',
    'onnxruntime  cuda    no: no card',
    '                     to get it: npm run cuda',
    'reference    cpu     yes',
    '',
    'model    no model',
  ]);
});
