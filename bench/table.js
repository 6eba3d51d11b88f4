// The results of the benchmarks as a table.
import { availableParallelism, cpus } from 'node:os';

/** `AMD EPYC Processor, 2 cores, Node.js 20.20.2` */
export const thisMachine = () =>
  `${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node.js ${process.versions.node}`;

/**
 * A Markdown table with one row for each figure.
 * @param rows {name, value, unit, goal, ratio?}, with the goal of the ratio where there is one; or {name, failed}
 */
export function tableOf(rows, machine) {
  const lines = rows.map(({ name, value, unit, goal, ratio, failed }) =>
    failed === undefined
      ? [name, `${value} ${unit}`.trim(), ratio ?? '', goal]
      : [name, `failed: ${failed.replace(/\s+/g, ' ').trim()}`, '', ''],
  );
  const all = [['figure', 'value', 'ratio', 'goal', 'machine'], ...lines.map((cells) => [...cells, machine])];
  const [head, ...body] = all.map((cells) => `| ${cells.map(cellText).join(' | ')} |`.replace(/ +/g, ' '));
  return [head, '|---|---|---|---|---|', ...body, ''].join('\n');
}

const cellText = (cell) => String(cell).replaceAll('|', '\\|');
