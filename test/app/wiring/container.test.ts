import { afterAll, expect, it } from '@jest/globals';
import { buildContainer } from '../../../src/app/wiring/container.js';
import { TOKENS } from '../../../src/app/wiring/tokens.js';

const listeners = process.listeners('SIGINT');
afterAll(() => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const each of process.listeners(signal)) if (!listeners.includes(each)) process.off(signal, each);
  }
});

it.each(Object.entries(TOKENS))('has %s, once', async (_name, token) => {
  const terminal = { isTTY: false, columns: 80, write: () => undefined };
  const container = await buildContainer({ root: process.cwd(), quiet: true, terminal, onSignal: () => undefined });
  const service = await container.getAsync<unknown>(token);
  expect(['object', 'function', 'string']).toContain(typeof service);
  expect(await container.getAsync<unknown>(token)).toBe(service);
});
