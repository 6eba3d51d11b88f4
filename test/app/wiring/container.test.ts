import { afterAll, describe, expect, it } from '@jest/globals';
import { buildContainer } from '../../../src/app/wiring/build-container.js';
import { PROVIDERS } from '../../../src/app/wiring/container.js';
import type { ContainerOptions } from '../../../src/app/wiring/container-options.js';
import { loaderName } from '../../../src/app/wiring/provider.js';

const listeners = process.listeners('SIGINT');
afterAll(() => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const each of process.listeners(signal)) if (!listeners.includes(each)) process.off(signal, each);
  }
});

const options: ContainerOptions = {
  root: process.cwd(),
  quiet: true,
  terminal: { isTTY: false, columns: 80, write: () => undefined },
  color: false,
  onSignal: () => undefined,
};
const names = Object.keys(PROVIDERS);

describe('the table of providers', () => {
  it.each(names)('builds %s once, and gives the same through its loader', async (name) => {
    const container = await buildContainer(options);
    const load = await container.getAsync<() => Promise<unknown>>(loaderName(name));
    const service = await container.getAsync<unknown>(name);
    expect(['object', 'function', 'string']).toContain(typeof service);
    expect(await container.getAsync<unknown>(name)).toBe(service);
    expect(await load()).toBe(service);
  });

  it('names only services that there are as needs', () => {
    const known = new Set(['options', ...names, ...names.map(loaderName)]);
    const needs = Object.values(PROVIDERS).flatMap((provider) => provider.needs);
    expect(needs.length).toBeGreaterThan(50);
    expect(needs.filter((need) => !known.has(need))).toEqual([]);
  });
});
