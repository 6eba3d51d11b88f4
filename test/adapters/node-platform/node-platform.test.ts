import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { monotonicClock } from '../../../src/adapters/node-platform/monotonic-clock.js';
import { createStopSignal } from '../../../src/adapters/node-platform/stop-signal.js';
import { thisMachine } from '../../../src/adapters/node-platform/this-machine.js';
import { clockContract } from '../../contracts/clock.contract.js';
import { machineContract } from '../../contracts/machine.contract.js';
import { manualClock } from '../../support/fakes/manual-clock.js';

/** A process to which signals can be sent without ending anything. */
class FakeProcess extends EventEmitter {
  readonly pid = 4321;
  readonly sent: unknown[] = [];
  readonly noted: string[] = [];
  readonly signal = createStopSignal(this, (signal) => this.noted.push(signal));
  kill(pid: number, signal: string): void {
    this.sent.push([pid, signal, this.listenerCount('SIGINT') + this.listenerCount('SIGTERM')]);
  }
}

clockContract('monotonic', () => ({ clock: monotonicClock, wait: () => sleep(21) }));
clockContract('manual (fake)', () => {
  const clock = manualClock();
  return { clock, wait: async () => clock.advance(20) };
});

describe.each(['SIGINT', 'SIGTERM'])('the stop signal on %s', (name) => {
  it('is aborted from the moment the user asks to stop, and stays so', () => {
    const source = new FakeProcess();
    let events = 0;
    source.signal.addEventListener('abort', () => events++);
    expect([source.signal.aborted, events]).toEqual([false, 0]);
    source.emit(name, name);
    expect([source.signal.aborted, source.signal.aborted, events]).toEqual([true, true, 1]);
  });
});

machineContract('this machine', () => thisMachine);
machineContract('a fixed one (fake)', () => ({
  facts: () => ({ platform: 'linux x64', node: '20.19.0', cores: 2, memory: { total: 8e9, free: 4e9 } }),
}));

describe('the second signal', () => {
  it('ends the process as if nobody had listened, so that no exit handler runs inside a native library', () => {
    const source = new FakeProcess();
    source.emit('SIGTERM', 'SIGTERM');
    expect(source.sent).toEqual([]);
    source.emit('SIGINT', 'SIGINT');
    expect(source.sent).toEqual([[4321, 'SIGINT', 0]]);
    expect(source.noted).toEqual(['SIGTERM']);
  });
});
