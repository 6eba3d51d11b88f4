import { describe, expect, it } from '@jest/globals';
import { createTextConsole } from '../../../src/adapters/console/text-console.js';
import { consoleContract } from '../../contracts/console.contract.js';
import { manualClock } from '../../support/fakes/manual-clock.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';

function underTest({ quiet = false, isTTY = false, columns = 80, color = false } = {}) {
  let text = '';
  const clock = manualClock();
  const stream = { isTTY, columns, write: (part: string) => void (text += part) };
  return { console: createTextConsole(stream, { quiet, color, clock }), clock, shown: () => text, result: () => '' };
}

consoleContract('text', underTest);
consoleContract('text on a terminal', (options) => underTest({ ...options, isTTY: true }));
consoleContract('recording (fake)', (options) => {
  const console = recordingConsole(options);
  const shown = (): string => console.lines.join('\n');
  return { console, shown, result: () => '' };
});

const step = (done: number) => ({ done, total: 1000, unit: 'steps', detail: `loss ${done / 4}` });

describe('progress elsewhere than on a terminal', () => {
  it('is a plain line now and then, and always the last', () => {
    const { console, clock, shown } = underTest();
    for (let done = 1; done <= 1000; done++) {
      console.progress(step(done));
      clock.advance(25);
    }
    const lines = shown().trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['1/1000', '401/1000', '801/1000', '1000/1000']);
    expect(lines[1]).toBe('401/1000 steps  40/s  15 s left  loss 100.25');
    expect(lines[3]).toBe('1000/1000 steps  40/s  25 s in all  loss 250');
  });

  it('shows the last update of work that ends early, before what comes next', () => {
    const { console, clock, shown } = underTest();
    console.progress(step(1));
    clock.advance(10);
    console.progress(step(7));
    console.say('stopped');
    expect(shown()).toMatch(/^1\/1000 [^\n]*\n7\/1000 [^\n]*\nstopped\n$/);
  });

  it('shows the last update of work before that of the next', () => {
    const { console, shown } = underTest();
    console.progress({ done: 1, total: 9, unit: 'files' });
    console.progress({ done: 2, total: 9, unit: 'files' });
    console.progress({ done: 1, total: 9, unit: 'files' });
    expect(shown()).toBe('1/9 files\n2/9 files\n1/9 files\n');
  });
});

describe('progress on a terminal', () => {
  it('redraws one line, ten times a second at most', () => {
    const { console, clock, shown } = underTest({ isTTY: true });
    for (let done = 1; done <= 100; done++) {
      console.progress({ done, total: 200, unit: 'steps' });
      clock.advance(10);
    }
    expect(shown().split('\r').length - 1).toBe(10);
    expect(shown()).not.toContain('\n');
    console.say('next');
    expect(shown()).toMatch(/━{12}─{12} 100\/200 steps {2}99\/s {2}1\.0 s left\nnext\n$/);
  });

  it('rates resumed work by what was done since', () => {
    const { console, clock, shown } = underTest({ isTTY: true });
    console.progress(step(900));
    clock.advance(1000);
    console.progress(step(910));
    expect(shown()).toContain('910/1000 steps  10/s  9.0 s left');
  });

  it('keeps to the width of the terminal', () => {
    const { console, shown } = underTest({ isTTY: true, columns: 30 });
    console.progress(step(500));
    expect(shown().replace('\r\u001b[K', '')).toHaveLength(29);
  });

  it('colors only when asked to', () => {
    const { console, shown } = underTest({ isTTY: true, color: true });
    console.warn('odd');
    expect(shown()).toBe('\u001b[33mwarning:\u001b[39m odd\n');
  });
});
