import { DomainError, UnusableSourcesError } from '../../domain/errors.js';
import { isMidiName } from '../../domain/midi/midi-endings.js';
import { html } from '../pages/html.js';
import { readMidi } from '../tunes/read-midi.js';
import { titleOf } from '../render/render.js';
import { renderPage, PLAYER_HELP } from '../pages/page.js';
import type { ReportPage, ReportPorts } from './report-page.js';
import { tuneCard, type ReportedTune } from '../pages/tune-card.js';

/** More make a page that browsers are slow with. */
const MAX_TUNES = 300;

/** A page to look at and listen to the MIDI files of a folder. */
export async function renderTunesReport(folder: string, scripts: string, ports: ReportPorts): Promise<ReportPage> {
  const names = (await ports.files.list(folder)).filter(isMidiName);
  const notices: string[] = [];
  const cards = [];
  for (const name of names.slice(0, MAX_TUNES)) {
    const tune = await readReportTune(folder, name, ports, notices);
    if (tune !== undefined) cards.push(await tuneCard(tune, ports.pictures));
  }
  if (cards.length === 0) throw new UnusableSourcesError(`no MIDI file of ${folder} can be read: ${notices[0]}`);
  if (names.length > MAX_TUNES) {
    notices.push(`the report shows the first ${MAX_TUNES} of ${names.length} tunes; make folders of fewer`);
  }
  const last = folder.replace(/\/+$/, '').replace(/^.*\//s, '');
  const title = /^[.]*$/.test(last) ? 'Tunes' : `Tunes of ${last}`;
  const body = html`<header>
      <h1>${title}</h1>
      <p class="soft">${cards.length === 1 ? '1 tune' : `${cards.length} tunes`}</p>
      ${PLAYER_HELP} ${notices.map((notice) => html`<p>Note: ${notice}</p>`)}
    </header>
    ${cards.map(({ card }) => card)}`;
  return {
    html: renderPage(
      title,
      body,
      cards.map(({ data }) => data),
      scripts,
    ),
    tunes: cards.length,
    notices,
  };
}

/** A tune of a folder; undefined, and a notice, when it cannot be read. */
export async function readReportTune(
  folder: string,
  name: string,
  { files, midiReader, midiWriter }: ReportPorts,
  notices: string[],
): Promise<ReportedTune | undefined> {
  try {
    const { score } = await readMidi(`${folder.replace(/\/+$/, '')}/${name}`, files, midiReader);
    const plain = name.replace(/[.][^.]*$/, '');
    const title = titleOf(score, plain);
    return { name: plain, title: title === plain ? plain : `${plain}: ${title}`, score, midi: midiWriter.write(score) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    notices.push(`left out: ${cause.message}`);
    return undefined;
  }
}
