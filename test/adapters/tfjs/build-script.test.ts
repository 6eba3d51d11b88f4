import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

/** What scripts/build-tfjs-node.sh says, and its exit code, before it would install anything. */
function built(...args: readonly string[]): { readonly code: number; readonly said: string } {
  try {
    execFileSync('bash', ['scripts/build-tfjs-node.sh', ...args], { stdio: 'pipe' });
    return { code: 0, said: '' };
  } catch (error) {
    const { status, stderr } = error as { readonly status: number; readonly stderr: Buffer };
    return { code: status, said: String(stderr) };
  }
}

describe('building tfjs-node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-build-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('wants a folder', () => {
    const usage = 'build-tfjs-node: usage: scripts/build-tfjs-node.sh LIBTENSORFLOW_DIR [FOLDER]\n';
    expect(built()).toEqual({ code: 1, said: usage });
    expect(built(join(folder, 'absent')).said).toMatch(/^build-tfjs-node: there is no folder .*absent\n$/);
  });

  it('wants a TensorFlow C library in it', () => {
    expect(built(folder).said).toMatch(
      /has no include\/tensorflow\/c\/c_api\.h; it should hold a TensorFlow C library\n$/,
    );
    mkdirSync(join(folder, 'include/tensorflow/c'), { recursive: true });
    writeFileSync(join(folder, 'include/tensorflow/c/c_api.h'), '');
    mkdirSync(join(folder, 'lib'));
    expect(built(folder).said).toMatch(/lib has no libtensorflow\.so\n$/);
  });
});
