import { rawHtml, html, jsonHtml, type Html } from './html.js';
import { STYLE } from './style.js';
import type { PageTune } from './tune-card.js';

/** The scripts of src/page, in the order in which a page holds them. */
export const PAGE_SCRIPTS = ['instrument.js', 'transport.js', 'save-wave.js', 'tune-player.js'] as const;

interface DocumentParts {
  readonly title: string;
  /** Content-Security-Policy of the page. */
  readonly policy: string;
  /** The style sheet. */
  readonly style: string;
  /** Content of the `body` element. */
  readonly body: Html;
}

/** The text of an HTML document that loads nothing. */
export const renderDocument = ({ title, policy, style, body }: DocumentParts): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${rawHtml(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.html;

/** A document with players: their scripts and the data of their tunes are inlined. */
export const renderPage = (title: string, body: Html, tunes: readonly PageTune[], scripts: string): string =>
  renderDocument({
    title,
    policy: CONTENT_SECURITY_POLICY,
    style: STYLE,
    body: html`<a class="skip" href="#main">Skip to the content</a>
      <main id="main">${body}</main>
      <p id="status" class="quiet" role="status" aria-live="polite"></p>
      <script type="application/json" id="tunes">
        ${jsonHtml(tunes)}
      </script>
      <script>
        ${rawHtml(scripts)};
      </script>`,
  });

/** With this policy the browser blocks every request of the page to any host. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'";

/** Explains how to use the players of a page. */
export const PLAYER_HELP: Html = html`<p class="soft">
  <kbd>Space</kbd> plays and pauses, <kbd>n</kbd> and <kbd>p</kbd> go to the next and the previous tune, the arrow keys
  move the focused slider, and a click into a roll seeks to that place. The page plays with a small built-in
  synthesizer; <code>apollo render</code> gives the better sound of sampled instruments.
</p>`;

/** The list of notices about parts that were left out. */
export const renderNotices = (notices: readonly string[]): readonly Html[] =>
  notices.map((notice) => html`<p>Note: ${notice}</p>`);
