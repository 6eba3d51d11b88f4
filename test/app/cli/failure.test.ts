import { describe, expect, it } from '@jest/globals';
import { describeFailure, errorDetails } from '../../../src/app/cli/failure.js';
import { EngineError, FileAccessError, InterruptedError, UsageError } from '../../../src/domain/errors.js';

describe('describeFailure', () => {
  it('tells wrong usage with the command and where its help is', () => {
    expect(describeFailure(new UsageError('--depth must be 1, got 0'), 'train', false)).toEqual({
      line: 'apollo train: --depth must be 1, got 0; see apollo train --help',
      code: 'USAGE',
      message: '--depth must be 1, got 0',
      exitCode: 2,
    });
    expect(describeFailure(new UsageError('no; did you mean "x"?'), undefined, false).line).toBe(
      'apollo: no; did you mean "x"? See apollo --help',
    );
  });

  it('tells what is known to go wrong in its own sentence, on one line', () => {
    const { line, exitCode } = describeFailure(new FileAccessError('cannot read a\u001b[2J\n  b'), 'inspect', false);
    expect({ line, exitCode }).toEqual({ line: 'apollo: cannot read a\\x1b[2J; b', exitCode: 1 });
  });

  it('tells Ctrl-C from SIGTERM', () => {
    const stopped = new InterruptedError('stopped');
    expect(describeFailure(stopped, 'train', false).exitCode).toBe(130);
    expect(describeFailure(stopped, 'train', true).exitCode).toBe(143);
  });

  it.each([new TypeError('x is not a function\n    at y'), 'a string', undefined, null, { odd: true }])(
    'calls %p a bug',
    (error) => {
      const { line, code, exitCode } = describeFailure(error, 'train', false);
      expect({ code, exitCode }).toEqual({ code: 'BUG', exitCode: 1 });
      expect(line).toMatch(/^apollo: this is a bug in Apollo: [^\n]+; run again with --verbose for details$/);
    },
  );
});

it('errorDetails gives every cause, and ends when they go in a circle', () => {
  const cause: Error & { cause?: unknown } = new Error('the library said no\u0007');
  const error = new EngineError('it failed', { cause });
  const lines = errorDetails(error);
  expect(lines.filter((line) => !/^ {4}at /.test(line))).toEqual([
    'EngineError: it failed',
    'caused by Error: the library said no\\x07',
  ]);
  cause.cause = error;
  expect(errorDetails(error).filter((line) => line.startsWith('caused by'))).toHaveLength(9);
});
