import { formatCount } from '../../domain/text.js';
import type { MachineFacts } from '../../ports/machine.js';
import type { Diagnosis, EngineTrial } from './doctor.js';

/** Column widths of the table of engines and devices. */
const [ENGINE_WIDTH, DEVICE_WIDTH] = [11, 6];

/** The machine, a table of engines and devices, and whether the shipped model works. */
export function describeDiagnosis({ machine, devices, model }: Diagnosis): string[] {
  return [
    `machine  ${describeMachine(machine)}`,
    '',
    `${tableStart('engine', 'device')}works`,
    ...devices.flatMap(describeTrial),
    '',
    model.works ? `model    ${model.name} loads and composes` : `model    ${model.reason}`,
  ];
}

function describeMachine({ platform, cores, memory, node }: MachineFacts): string {
  const [total, free] = [memory.total, memory.free].map(gigabytes);
  return `${platform}, ${formatCount(cores, 'core')}, ${total} of memory (${free} free), Node.js ${node}`;
}

function describeTrial(trial: EngineTrial): readonly string[] {
  const start = tableStart(trial.engine, trial.device);
  if (trial.works) return [`${start}yes`];
  const remedy = trial.remedy === undefined ? [] : [`${' '.repeat(start.length)}to get it: ${trial.remedy}`];
  return [`${start}no: ${trial.reason}`, ...remedy];
}

const tableStart = (engine: string, device: string): string =>
  `${engine.padEnd(ENGINE_WIDTH)}  ${device.padEnd(DEVICE_WIDTH)}  `;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
