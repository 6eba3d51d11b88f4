import { buildContainer } from './container.js';
import { TOKENS } from './tokens.js';

/** A thread that writes tunes down for the main one, with the same adapters: see src/adapters/threads. */
const screen = { isTTY: false, columns: undefined, write: () => undefined };
const container = buildContainer({ quiet: true, screen, noteSignal: () => undefined });
const [serve, engraverHere] = await Promise.all([
  container.getAsync(TOKENS.serveEngraver),
  container.getAsync(TOKENS.engraverHere),
]);
serve(engraverHere());
