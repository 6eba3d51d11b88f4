/**
 * Measures the processor time of this process from now on, in milliseconds. Tests of speed use it because the time of
 * the clock depends on what else the machine does.
 */
export function startStopwatch(): () => number {
  const start = process.cpuUsage();
  return () => process.cpuUsage(start).user / 1000;
}
