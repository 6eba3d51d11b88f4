import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { sha256 } from '../../src/adapters/node-platform/sha256.js';
import { launchBrowser } from '../support/browser/launch-browser.js';
import type { TestResult } from '../support/browser/jest-globals.js';
import { runTool } from '../support/files/fault-injection.js';
import { scratchFolders } from '../support/files/scratch.js';
import { runApollo } from '../support/run-apollo.js';

const folder = scratchFolders()();

let browser: Browser;
let server: Server;
let page: Page;
beforeAll(async () => {
  for (const name of ['contract-worker', 'compose-worker']) {
    const out = join(folder, `${name}.js`);
    const bundle = ['test/support/browser/bundle.mjs', `test/support/browser/${name}.ts`, out];
    expect(await runTool(process.execPath, bundle, { cwd: process.cwd() })).toMatchObject({ code: 0 });
  }
  const fileOf = (url: string): string => (url.startsWith('/models/') ? `.${url}` : join(folder, url));
  server = createServer(({ url = '/' }, response) => {
    response.setHeader('content-type', url.endsWith('.js') ? 'text/javascript' : 'text/html');
    if (url === '/') response.end('<!doctype html><title>Apollo</title>');
    else if (existsSync(fileOf(url))) response.end(readFileSync(fileOf(url)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

interface PageWorker {
  onmessage: (event: { readonly data: unknown }) => void;
  onerror: (event: { readonly message: string }) => void;
  postMessage(message: unknown): void;
}

/** Starts a worker in the page, sends it a message, and gives its answer. */
const askWorker = (url: string, message: unknown): Promise<unknown> =>
  page.evaluate(
    ([address, data]) =>
      new Promise<unknown>((resolve, reject) => {
        // The page's own class, which the types of Node do not have.
        const { Worker } = globalThis as unknown as {
          readonly Worker: new (url: string, options: object) => PageWorker;
        };
        const worker = new Worker(address as string, { type: 'module' });
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(data);
      }),
    [url, message] as const,
  );

describe('in a worker of Chromium, the contracts of the web adapters', () => {
  let results: readonly TestResult[];
  beforeAll(async () => {
    results = (await askWorker('/contract-worker.js', 'run')) as readonly TestResult[];
  });

  it('are all run', () => {
    const contracts = new Set(results.map(({ name }) => name.split(/[:›]| keeps/)[0]!.trim()));
    expect([...contracts].sort()).toEqual([
      ...['Compression', 'Digest', 'FileStore', 'GeneratorRuntime', 'MIDI', 'ModelFormat', 'PictureEncoder'],
      'YieldToEventLoop',
    ]);
    expect(results.length).toBeGreaterThan(50);
  });

  it('hold', () => {
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});

describe('in a worker of Chromium, composing', () => {
  it.each(['apollo', 'dcgan-a'])('gives the bytes that the program gives, with %s', async (name) => {
    const model = join(process.cwd(), 'models', `${name}.onnx`);
    const args = ['compose', '--model', model, '--count', '1', '--seed', '7', '--out', name];
    expect(await runApollo(args, { cwd: folder })).toMatchObject({ code: 0 });
    const digest = await askWorker('/compose-worker.js', { model: `/models/${name}.onnx`, seed: 7 });
    expect(digest).toBe(await sha256(readFileSync(join(folder, name, 'tune-0001.mid'))));
  });
});
