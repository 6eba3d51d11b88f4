import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { composeDemoTune } from '../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../src/domain/random.js';
import { parseWav } from '../../src/domain/sound/wav.js';
import { runApollo } from '../support/run-apollo.js';
import { launchBrowser } from '../support/browser/launch-browser.js';
import { scratchFolders } from '../support/files/scratch.js';
import { pitchStrength } from '../support/pitch-strength.js';

const cwd = scratchFolders()();
/** Folder of the screenshots, for people to look at. */
const SHOTS = process.env['APOLLO_SCREENSHOTS'] ?? join(cwd, 'shots');
const tunes = [1, 2].map((i) => composeDemoTune(randomStream(i, 'tunes', 0), { sectionBars: 4 }));

let browser: Browser;
beforeAll(async () => {
  mkdirSync(join(cwd, 'tunes'), { recursive: true });
  mkdirSync(SHOTS, { recursive: true });
  tunes.forEach((score, i) =>
    writeFileSync(join(cwd, 'tunes', `tune-${i + 1}.mid`), createStandardMidiWriter().write(score)),
  );
  const odd = { ...tunes[0]!, tracks: [{ ...tunes[0]!.tracks[0]!, name: '</script><img src=x onerror=alert(1)>' }] };
  writeFileSync(join(cwd, 'tunes', 'odd.mid'), createStandardMidiWriter().write(odd));
  writeFileSync(join(cwd, 'tunes', 'torn.mid'), Uint8Array.of(0x4d, 0x54, 0x68, 0x64, 0, 0));
  for (const args of [
    ['report', 'tunes', '--out', 'tunes.html'],
    ['prepare', '--demo', '40', '--out', 'data'],
    ['train', 'data', '--depth', '2', '--epochs', '3', '--sample-every', '1', '--log-every', '1', '--out', 'run'],
    ['report', 'run'],
  ]) {
    expect({ args, ...(await runApollo(args, { cwd })) }).toMatchObject({ args, code: 0 });
  }
  browser = await launchBrowser();
}, 120_000);
afterAll(() => browser?.close());

/** Opens a report, and records every request, console message and page error. */
async function open(name: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page: Page = await context.newPage();
  const [requests, messages]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  const url = pathToFileURL(join(cwd, name)).href;
  await page.goto(url);
  const requestedUrls = (): string[] => requests.filter((each) => !/^(data|blob):/.test(each) && each !== url);
  return { context, page, messages, requestedUrls };
}

const level = (page: Page, card = 0): Promise<number> =>
  page
    .locator('.tune .level')
    .nth(card)
    .evaluate((meter) => (meter as unknown as { value: number }).value);
const left = (page: Page, card = 0): Promise<number> =>
  page
    .locator('.playhead')
    .nth(card)
    .evaluate((head) => Number.parseFloat((head as unknown as HTMLElementLike).style.left));
interface HTMLElementLike {
  readonly style: { readonly left: string };
}
const seconds = (page: Page, card = 0): Promise<number> => page.locator('.seek').nth(card).inputValue().then(Number);

/** Polls a condition for at most ten seconds. */
async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries === 200) throw new Error('the condition did not become true');
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

interface NamedElement {
  getAttribute(name: string): string | null;
  readonly textContent: string | null;
}

describe('the report of a folder of tunes', () => {
  it('shows all tunes, says what it left out, and makes no request', async () => {
    const { page, messages, requestedUrls, context } = await open('tunes.html');
    expect(await page.locator('.tune h2').allTextContents()).toEqual([
      'odd: </script><img src=x onerror=alert(1)>',
      'tune-1',
      'tune-2',
    ]);
    expect(await page.locator('header').textContent()).toContain('torn.mid');
    const widths = await page
      .locator('.roll img')
      .evaluateAll((images) => images.map((i) => (i as unknown as { naturalWidth: number }).naturalWidth));
    expect(widths.every((width) => width > 300)).toBe(true);
    await page.screenshot({ path: join(SHOTS, 'tunes.png') });
    expect([messages, requestedUrls()]).toEqual([[], []]);
    await context.close();
  });

  it('plays: the playhead moves and the meter shows a signal', async () => {
    const { page, messages, requestedUrls, context } = await open('tunes.html');
    expect(await level(page, 1)).toBe(0);
    await page.locator('.play').nth(1).click();
    await waitUntil(async () => (await level(page, 1)) > 0.01);
    const first = await left(page, 1);
    await page.waitForTimeout(600);
    expect(await left(page, 1)).toBeGreaterThan(first);
    expect(await seconds(page, 1)).toBeGreaterThan(0.4);
    await page.screenshot({ path: join(SHOTS, 'playing.png') });
    await page.locator('.play').nth(1).click();
    const paused = await seconds(page, 1);
    await page.waitForTimeout(300);
    expect([await seconds(page, 1), await page.locator('.play').nth(1).textContent()]).toEqual([paused, 'Play']);
    expect([messages, requestedUrls()]).toEqual([[], []]);
    await context.close();
  });

  it('is controlled from the keyboard and plays one tune at a time', async () => {
    const { page, context } = await open('tunes.html');
    await page.keyboard.press(' ');
    await waitUntil(async () => (await page.locator('.tune.playing').count()) === 1);
    expect(await page.locator('#status').textContent()).toMatch(/^Playing odd/);
    await page.keyboard.press('n');
    expect(await page.locator('.tune.playing').count()).toBe(0);
    await page.keyboard.press('Enter'); // the next tune's play button has the focus
    await waitUntil(async () => /playing/.test((await page.locator('.tune').nth(1).getAttribute('class'))!));
    await page.locator('.seek').nth(1).focus();
    expect(await page.locator('.seek').nth(2).getAttribute('aria-valuetext')).toMatch(/^0:00 of \d:\d\d$/); // unchanged
    const before = await seconds(page, 1);
    for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
    expect(await seconds(page, 1)).toBeGreaterThan(before + 1);
    expect(await page.locator('.seek').nth(1).getAttribute('aria-valuetext')).toMatch(/^0:\d\d of \d:\d\d$/);
    await context.close();
  });

  it('changes position, tempo and volume, and seeks to a click into the roll', async () => {
    const { page, context } = await open('tunes.html');
    const card = page.locator('.tune').nth(1);
    await card.locator('.seek').fill('5');
    expect(await seconds(page, 1)).toBe(5);
    const box = (await card.locator('.roll').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
    expect(Math.abs((await left(page, 1)) - 75)).toBeLessThan(1);
    await card.locator('.volume').fill('0');
    await card.locator('.seek').fill('0');
    const speed = async (tempo: string): Promise<number> => {
      await card.locator('.tempo').fill(tempo);
      const [from, at] = [await seconds(page, 1), performance.now()];
      await page.waitForTimeout(900);
      return ((await seconds(page, 1)) - from) / ((performance.now() - at) / 1000);
    };
    await card.locator('.play').click();
    await page.waitForTimeout(300);
    expect(await level(page, 1)).toBeLessThan(0.01); // silent at volume 0
    const [slow, fast] = [await speed('50'), await speed('200')];
    expect([slow > 0.25 && slow < 0.7, fast > 1.4 && fast < 2.3]).toEqual([true, true]);
    expect(await card.locator('.tempo-text').textContent()).toBe('200 %');
    await context.close();
  });

  it('saves MIDI that our reader reads, and a WAV of the same notes', async () => {
    const { page, context, messages } = await open('tunes.html');
    const save = async (button: string): Promise<Uint8Array> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).nth(1).click()]);
      expect(download.suggestedFilename()).toBe(button === '.save-midi' ? 'tune-1.mid' : 'tune-1.wav');
      return new Uint8Array(readFileSync(await download.path()));
    };
    const { score } = createStandardMidiReader().read(await save('.save-midi'));
    expect(score.tracks).toEqual(tunes[0]!.tracks);
    const wave = parseWav(await save('.save-wav'));
    expect([wave.sampleRate, wave.channels, wave.bitsPerSample]).toEqual([44_100, 2, 16]);
    const samples = new Int16Array(wave.data.slice().buffer).filter((_, i) => i % 2 === 0);
    const first = score.tracks[0]!.notes[0]!;
    const part = Float32Array.from(samples.subarray(2000, 2000 + 8192), (sample) => sample / 32_768);
    expect(pitchStrength(part, first.pitch)).toBeGreaterThan(3 * pitchStrength(part, first.pitch + 1));
    expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(32_767);
    expect(messages).toEqual([]);
    await context.close();
  });

  it('names every control, and follows the dark color scheme', async () => {
    const { page, context } = await open('tunes.html', { colorScheme: 'dark' });
    const unnamed = await page.locator('button, input, a, img').evaluateAll(
      (elements) =>
        elements.filter((element) => {
          const named = element as unknown as NamedElement;
          const label = named.getAttribute('aria-label') ?? named.getAttribute('alt') ?? named.textContent ?? '';
          return label.trim() === '';
        }).length,
    );
    expect(unnamed).toBe(0);
    const source = await page
      .locator('.roll img')
      .first()
      .evaluate((image) => (image as unknown as { currentSrc: string }).currentSrc);
    expect(source).toBe(await page.locator('.roll source').first().getAttribute('srcset'));
    await page.screenshot({ path: join(SHOTS, 'dark.png') });
    await context.close();
  });
});

describe('the report of a run', () => {
  it('has charts of the log, samples, the configuration, the commands to repeat it, and players', async () => {
    const { page, messages, requestedUrls, context } = await open('run/report.html');
    expect(await page.locator('figcaption').allTextContents()).toEqual([
      'Losses',
      'Discriminator scores of real rolls',
      'Discriminator scores of generated rolls',
      expect.stringMatching(/^1-nearest-neighbor accuracy/),
      expect.stringMatching(/^Frechet distance/),
      expect.stringMatching(/^Overlap/),
      'Share of blank samples',
      'Share of samples that repeat no other',
    ]);
    expect(await page.locator('figure svg').first().getAttribute('aria-label')).toMatch(/discriminator \d/);
    expect(await page.locator('.strip thead th').allTextContents()).toEqual(['epoch 1', 'epoch 2', 'epoch 3']);
    expect(await page.locator('.strip img').count()).toBe(3 * 8);
    expect(await page.locator('pre').textContent()).toContain('apollo train data --model dcgan-a --depth 2');
    expect(await page.locator('.tune').count()).toBe(8);
    await page.screenshot({ path: join(SHOTS, 'run.png'), fullPage: true });
    expect([messages, requestedUrls()]).toEqual([[], []]);
    await context.close();
  });
});
