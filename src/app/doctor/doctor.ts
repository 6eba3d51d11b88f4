import type { Clock } from '../../ports/clock.js';
import type { DeviceProbe, DeviceTrial } from '../../ports/device-probe.js';
import type { Machine, MachineFacts } from '../../ports/machine.js';
import type { CheckShippedModel, ShippedModelCheck } from '../models/shipped-models.js';

export type EngineTrial = DeviceTrial & { readonly engine: string };

export interface Diagnosis {
  readonly machine: MachineFacts;
  readonly devices: readonly EngineTrial[];
  readonly model: ShippedModelCheck;
  /** Milliseconds that looking took. */
  readonly took: number;
}

/** Says what works on this machine, by trying it. */
export type Doctor = () => Promise<Diagnosis>;

export const createDoctor =
  (machine: Machine, probes: readonly DeviceProbe[], checkModel: CheckShippedModel, clock: Clock): Doctor =>
  async () => {
    const start = clock.now();
    const devices: EngineTrial[] = [];
    for (const probe of probes) {
      for (const device of probe.devices) devices.push({ engine: probe.engine, ...(await probe.attempt(device)) });
    }
    const model = await checkModel();
    return { machine: machine.facts(), devices, model, took: clock.now() - start };
  };

export function describeDiagnosis({ machine, devices, model }: Diagnosis): string[] {
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  const cores = machine.cores === 1 ? '1 core' : `${machine.cores} cores`;
  const { total, free } = machine.memory;
  const lines = [
    `machine  ${machine.platform}, ${cores}, ${gigabytes(total)} of memory (${gigabytes(free)} free), Node.js ${machine.node}`,
    '',
    'engine       device  works',
  ];
  for (const trial of devices) {
    const start = `${trial.engine.padEnd(11)}  ${trial.device.padEnd(6)}`;
    if (trial.works) {
      lines.push(`${start}  yes`);
    } else {
      lines.push(`${start}  no: ${trial.reason}`);
      if (trial.remedy !== undefined) lines.push(`${' '.repeat(21)}to get it: ${trial.remedy}`);
    }
  }
  lines.push('', model.works ? `model    ${model.name} loads and composes` : `model    ${model.reason}`);
  return lines;
}
