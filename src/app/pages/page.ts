import { rawHtml, html, jsonHtml, type Html } from './html.js';
import { STYLE } from './style.js';
import type { PageTune } from './tune-card.js';

/** Of src/page, in the order in which a page holds them. */
export const PAGE_SCRIPTS = ['instrument.js', 'transport.js', 'save-wave.js', 'tune-player.js'] as const;

/** What all reports share: one file, which may load nothing, with all that its players need. */
export function renderPage(title: string, body: Html, tunes: readonly PageTune[], scripts: string): string {
  const { html: text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${rawHtml(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <main id="main">${body}</main>
        <p id="status" class="quiet" role="status" aria-live="polite"></p>
        <script type="application/json" id="tunes">
          ${jsonHtml(tunes)}
        </script>
        <script>
          ${rawHtml(scripts)};
        </script>
      </body>
    </html> `;
  return text;
}

/** The browser itself keeps the page from asking any host for anything. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** How the players of a page are used, for eyes and ears. */
export const PLAYER_HELP: Html = html`<p class="soft">
  <kbd>Space</kbd> plays and pauses, <kbd>n</kbd> and <kbd>p</kbd> go to the next and the previous tune, the arrow keys
  move the slider that has the focus, and a click into a roll goes there. The page plays with a small synthesizer of its
  own; <code>apollo render</code> makes the better sound of instruments.
</p>`;
