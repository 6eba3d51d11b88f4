import { execFile } from 'node:child_process';
import type { RunProbeScript } from '../../ports/device-probe.js';

export const runProbeScript: RunProbeScript = (script, args, timeoutMs) =>
  new Promise((resolve) => {
    const nodeArgs = ['--input-type=commonjs', '-e', script, '--', ...args];
    execFile(process.execPath, nodeArgs, { timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout) => {
      const problem = /^PROBLEM (.*)$/m.exec(stdout)?.[1];
      if (/^RESULT 42$/m.test(stdout)) resolve(undefined);
      else if (/^RESULT /m.test(stdout)) resolve('it computed a wrong value');
      else if (problem !== undefined) resolve(problem.trim() || 'it failed without saying why');
      else if (error?.killed === true) resolve(`it did not answer within ${timeoutMs / 1000} seconds`);
      else if (error?.signal) resolve(`the library crashed (${error.signal})`);
      else resolve('the library could not be loaded');
    });
  });
