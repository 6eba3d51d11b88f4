/**
 * Milliseconds of processor time that this process spends from now on. Promises of speed are tested by it: by the clock a test
 * would fail because the machine has other work, too.
 */
export function startStopwatch(): () => number {
  const start = process.cpuUsage();
  return () => process.cpuUsage(start).user / 1000;
}
