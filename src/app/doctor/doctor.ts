import type { Clock } from '../../ports/clock.js';
import type { DeviceProbe, DeviceTrial } from '../../ports/device-probe.js';
import type { Machine, MachineFacts } from '../../ports/machine.js';
import type { CheckShippedModel, ShippedModelCheck } from '../models/shipped-models.js';

export type EngineTrial = DeviceTrial & { readonly engine: string };

export interface Diagnosis {
  readonly machine: MachineFacts;
  readonly devices: readonly EngineTrial[];
  readonly model: ShippedModelCheck;
  /** Duration of the diagnosis in milliseconds. */
  readonly took: number;
}

/** Tries every device of every engine, and the shipped model, on this machine. */
export type Doctor = () => Promise<Diagnosis>;

interface DoctorPorts {
  readonly machine: Machine;
  readonly deviceProbes: readonly DeviceProbe[];
  readonly checkShippedModel: CheckShippedModel;
  readonly clock: Clock;
}

export const createDoctor =
  ({ machine, deviceProbes, checkShippedModel, clock }: DoctorPorts): Doctor =>
  async () => {
    const start = clock.now();
    const devices: EngineTrial[] = [];
    for (const probe of deviceProbes) {
      for (const device of probe.devices) devices.push({ engine: probe.engine, ...(await probe.attempt(device)) });
    }
    const model = await checkShippedModel();
    return { machine: machine.facts(), devices, model, took: clock.now() - start };
  };
