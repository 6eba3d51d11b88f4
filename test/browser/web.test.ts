import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser/launch-browser.js';
import type { TestResult } from '../support/browser/jest-globals.js';
import { runTool } from '../support/files/fault-injection.js';
import { scratchFolders } from '../support/files/scratch.js';

interface PageWorker {
  onmessage: (event: { readonly data: readonly TestResult[] }) => void;
  onerror: (event: { readonly message: string }) => void;
}

const folder = scratchFolders()();

let browser: Browser;
let server: Server;
let results: readonly TestResult[];
beforeAll(async () => {
  const outfile = join(folder, 'worker.js');
  const bundle = ['test/support/browser/bundle.mjs', 'test/support/browser/contract-worker.ts', outfile];
  expect(await runTool(process.execPath, bundle, { cwd: process.cwd() })).toMatchObject({ code: 0 });
  browser = await launchBrowser();
  server = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js';
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? readFileSync(outfile) : '<!doctype html><title>contracts</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  results = await page.evaluate(
    () =>
      new Promise<readonly TestResult[]>((resolve, reject) => {
        // The page's own class, which the types of Node do not have.
        const { Worker } = globalThis as unknown as {
          readonly Worker: new (url: string, options: object) => PageWorker;
        };
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
  );
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe('in a worker of Chromium, the contracts of the web adapters', () => {
  it('are all run', () => {
    const contracts = new Set(results.map(({ name }) => name.split(/[:›]| keeps/)[0]!.trim()));
    expect([...contracts].sort()).toEqual(['Compression', 'Digest', 'FileStore', 'MIDI', 'YieldToEventLoop']);
    expect(results.length).toBeGreaterThan(35);
  });

  it('hold', () => {
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});
