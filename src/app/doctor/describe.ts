import type { Diagnosis } from './doctor.js';

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
