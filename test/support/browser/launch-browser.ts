import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium without a window, or the browser that APOLLO_BROWSER names. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['APOLLO_BROWSER'] ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--autoplay-policy=user-gesture-required'],
    ],
  });
