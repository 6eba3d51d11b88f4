import { DomainError, UnusableSourcesError } from '../../domain/errors.js';
import { formatCount } from '../../domain/text.js';
import { html } from '../pages/html.js';
import { readScore } from '../tunes/read-score.js';
import { titleOf } from '../render/render.js';
import { PLAYER_HELP, renderNotices, renderPage } from '../pages/page.js';
import type { ReportPage, ReportPorts } from './report-page.js';
import { tuneCard, type ReportedTune } from '../pages/tune-card.js';

/** Browsers are slow with pages of more tunes. */
const MAX_TUNES = 300;

/** Renders a page that shows and plays the MIDI files of a folder. */
export async function renderTunesReport(folder: string, scripts: string, ports: ReportPorts): Promise<ReportPage> {
  const names = (await ports.files.list(folder)).filter((name) => ports.scoreReaders.recognizes(name));
  const notices: string[] = [];
  const cards = [];
  for (const name of names.slice(0, MAX_TUNES)) {
    const tune = await readReportTune(folder, name, ports, notices);
    if (tune !== undefined) cards.push(await tuneCard(tune, ports.pictures));
  }
  if (cards.length === 0) throw new UnusableSourcesError(`no MIDI file of ${folder} can be read: ${notices[0]}`);
  if (names.length > MAX_TUNES) {
    notices.push(
      `the report shows the first ${MAX_TUNES} of ${names.length} tunes; put the others into another folder`,
    );
  }
  const title = pageTitle(folder);
  const body = html`<header>
      <h1>${title}</h1>
      <p class="soft">${formatCount(cards.length, 'tune')}</p>
      ${PLAYER_HELP} ${renderNotices(notices)}
    </header>
    ${cards.map(({ card }) => card)}`;
  const data = cards.map((card) => card.data);
  return { html: renderPage(title, body, data, scripts), tunes: cards.length, notices };
}

/** `Tunes of <name of the folder>`; `Tunes` for a path such as `.` or `/`. */
function pageTitle(folder: string): string {
  const name = folder.replace(/\/+$/, '').replace(/^.*\//s, '');
  return /^[.]*$/.test(name) ? 'Tunes' : `Tunes of ${name}`;
}

/** Reads a tune. If its file is damaged, adds a notice and returns undefined. */
export async function readReportTune(
  folder: string,
  name: string,
  ports: ReportPorts,
  notices: string[],
): Promise<ReportedTune | undefined> {
  try {
    const { score } = await readScore(`${folder.replace(/\/+$/, '')}/${name}`, ports);
    const baseName = name.replace(/[.][^.]*$/, '');
    const ownTitle = titleOf(score, baseName);
    const title = ownTitle === baseName ? baseName : `${baseName}: ${ownTitle}`;
    return { name: baseName, title, score, midi: ports.midiWriter.write(score) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    notices.push(`left out: ${cause.message}`);
    return undefined;
  }
}
