import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const packageJson = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));

describe('what npm ci runs and downloads', () => {
  // npm 11 reads allowScripts, npm 10 only the lock: docs/adr/0018-npm-ci-runs-no-script-of-a-dependency.md
  it('does not run the script with which onnxruntime-node downloads the CUDA libraries', () => {
    expect(packageJson.allowScripts['onnxruntime-node']).toBe(false);
    expect(lock.packages['node_modules/onnxruntime-node'].hasInstallScript).toBeUndefined();
  });

  it('denies, for npm 11, every other install script of a dependency', () => {
    const withScript = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''))
      .filter((name) => name !== '');
    expect(withScript.length).toBeGreaterThan(0);
    expect(withScript.filter((name) => packageJson.allowScripts[name] !== false)).toEqual([]);
  });

  it('knows the version of Apollo that package.json states', () => {
    expect(lock.version).toBe(packageJson.version);
  });
});
