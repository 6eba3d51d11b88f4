import { describe, expect, it } from '@jest/globals';
import { createWebgpuEngine, openWebgpuEngine } from '../../../../src/adapters/onnx/session/webgpu-engine.js';
import { UnavailableDeviceError } from '../../../../src/domain/errors.js';
import { cpuResidentSession } from '../../../support/fakes/cpu-resident-session.js';
import { scriptedDeviceProbe } from '../../../support/fakes/scripted-device-probe.js';
import { tensorEngineContract } from '../../../contracts/tensor-engine.contract.js';
import { penaltyFeeds, penaltyProgram, penaltyState } from '../../../support/tensor/penalty-program.js';

// Runs the graphs for webgpu on the cpu, with a fake memory that detects misuse. test/engines runs them on a GPU.
tensorEngineContract('onnxruntime, webgpu (fake device)', () => createWebgpuEngine(cpuResidentSession().open));

describe('state on a device', () => {
  it('is copied back only by `read`, and freed', async () => {
    const device = cpuResidentSession();
    const program = await createWebgpuEngine(device.open).compile(penaltyProgram());
    await program.load(penaltyState());
    for (let step = 0; step < 5; step++) await program.step(penaltyFeeds(step));
    expect(device.held()).toBe(penaltyState().size);
    expect(device.sentThere()).toBe(penaltyState().size + 5 * penaltyFeeds(0).size);
    expect(device.broughtHere()).toBe(5 * 2);
    const first = await program.read();
    expect(device.broughtHere()).toBe(5 * 2 + penaltyState().size);
    expect([...first.keys()]).toEqual([...penaltyState().keys()]);
    await program.read();
    expect(device.opened()).toBe(2);
    await program.release();
    expect(device.held()).toBe(0);
    expect(device.opened()).toBe(0);
  });

  it('that does not work is reported in one sentence', async () => {
    const probe = scriptedDeviceProbe('onnxruntime', [{ device: 'webgpu', works: false, reason: 'it finds no GPU' }]);
    await expect(openWebgpuEngine(probe)).rejects.toThrow(
      new UnavailableDeviceError(
        `onnxruntime's device "webgpu" does not work on this machine: it finds no GPU; use --device cpu`,
      ),
    );
  });
});
