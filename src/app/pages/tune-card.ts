import { pitchName } from '../../domain/music/pitch-name.js';
import { countDrumNotes, countNotes, DRUM_CHANNEL, endOfNote, type Score } from '../../domain/music/score.js';
import { createTickToSeconds } from '../../domain/music/tempo-map.js';
import type { Picture } from '../../domain/render/picture.js';
import { drawScore, type ScorePicture } from '../../domain/render/score-picture.js';
import { performScore, type Part } from '../../domain/sound/score-performance.js';
import { formatCount } from '../../domain/text.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { dataUrl, html, type Html } from './html.js';

/** A tune that a page shows and plays. */
export interface ReportedTune {
  /** File name without its extension. */
  readonly name: string;
  readonly title: string;
  readonly score: Score;
  /** The MIDI file that the page lets people save. We wrote it; it is not the file that was read. */
  readonly midi: Uint8Array;
}

/** The data of a tune for the page's script. src/page/tune-player.ts declares the same type. */
export interface PageTune {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  /** [start, end, pitch, velocity, timbre] */
  readonly notes: readonly (readonly [number, number, number, number, string])[];
  readonly clock: readonly (readonly [number, number])[];
  readonly staves: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** Renders the card of a tune: its roll, its player, and `extra` below. `data` is what the page's script needs. */
export async function tuneCard(
  tune: ReportedTune,
  pictures: PictureEncoder,
  extra: Html = html``,
): Promise<{ readonly card: Html; readonly data: PageTune }> {
  const { title, score } = tune;
  const [light, dark] = [drawScore(score, { theme: 'light' }), drawScore(score, { theme: 'dark' })];
  const data = pageTune(tune, light);
  const summary = tuneSummary(score, data.seconds);
  const card = html`<article class="tune" aria-label="${title}">
    <h2>${title}</h2>
    <p class="soft">${summary}</p>
    ${await rollFigure(light.picture, dark.picture, `Piano roll of ${title}: ${summary}`, pictures)}
    ${playerControls(tune, data.seconds)} ${extra}
  </article> `;
  return { card, data };
}

async function rollFigure(light: Picture, dark: Picture, description: string, pictures: PictureEncoder): Promise<Html> {
  const { width, height } = light;
  const [lightUrl, darkUrl] = await Promise.all(
    [light, dark].map(async (picture) => dataUrl('image/png', await pictures.encode(picture))),
  );
  return html`<div class="roll" style="max-width: ${Math.round(MAX_ZOOM * width)}px">
    <picture
      ><source media="(prefers-color-scheme: dark)" srcset="${darkUrl!}" />
      <img src="${lightUrl!}" width="${width}" height="${height}" alt="${description}"
    /></picture>
    <div class="playhead" hidden></div>
  </div>`;
}

/** The controls of a player. src/page/tune-player.ts finds them by their classes. */
const playerControls = ({ name, title, midi }: ReportedTune, seconds: number): Html =>
  html`<div class="controls" role="group" aria-label="Player of ${title}">
    <button type="button" class="play" aria-label="Play ${title}">Play</button>
    ${seekControl(title, seconds)}
    <span class="time">0:00</span>
    ${tempoControl(title)}
    <label
      >Volume <input type="range" class="volume" min="0" max="100" value="80" aria-label="Volume of ${title}"
    /></label>
    <meter class="level" min="0" max="1" value="0" aria-hidden="true"></meter>
    <a
      class="button save-midi"
      download="${name}.mid"
      href="${dataUrl('audio/midi', midi)}"
      aria-label="Save ${title} as a MIDI file"
      >Save MIDI</a
    >
    <button type="button" class="save-wav" aria-label="Save ${title} as a WAV file">Save WAV</button>
  </div>`;

const seekControl = (title: string, seconds: number): Html =>
  html`<input
    type="range"
    class="seek"
    min="0"
    max="${seconds.toFixed(2)}"
    step="0.01"
    value="0"
    aria-label="Position in ${title}"
    aria-valuetext="${clockText(0)} of ${clockText(seconds)}"
  />`;

const tempoControl = (title: string): Html =>
  html`<label
    >Tempo
    <input
      type="range"
      class="tempo"
      min="25"
      max="200"
      step="5"
      value="100"
      aria-label="Tempo of ${title}"
      aria-valuetext="100 percent"
    /><span class="tempo-text">100 %</span></label
  >`;

function pageTune({ name, title, score }: ReportedTune, { picture, staves }: ScorePicture): PageTune {
  const performance = performScore(score, MAX_SECONDS);
  const round = (value: number, digits = 3): number => Number(value.toFixed(digits));
  const notes = performance.parts
    .flatMap((part) =>
      part.notes.map(
        ({ start, end, pitch, velocity }) => [round(start), round(end), pitch, velocity, timbreOf(part)] as const,
      ),
    )
    .sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  return {
    name,
    title,
    seconds: round(Math.max(performance.seconds, 0.01)),
    notes,
    clock: clockOf(score),
    staves: staves.map(({ left, top, width, height, from, to }) => ({
      left: round(left / picture.width, 5),
      top: round(top / picture.height, 5),
      width: round(width / picture.width, 5),
      height: round(height / picture.height, 5),
      from,
      to,
    })),
  };
}

/** Limit of how far a page scales up the picture of a short tune. */
const MAX_ZOOM = 1.25;
/** A page plays at most this much of a tune. */
const MAX_SECONDS = 30 * 60;

/** The timbre of each General MIDI family, a family being eight programs. */
const FAMILY_TIMBRES = [
  ...['struck', 'struck', 'held', 'plucked', 'plucked', 'held', 'held', 'blown'],
  ...['blown', 'blown', 'held', 'held', 'held', 'plucked', 'struck', 'struck'],
] as const;

const timbreOf = ({ program, isDrums }: Part): string => (isDrums ? 'drum' : FAMILY_TIMBRES[program >> 3]!);

/** Seconds and beats at the start, at each change of tempo, and at the end. */
function clockOf(score: Score): readonly (readonly [number, number])[] {
  const secondsOf = createTickToSeconds(score);
  const end = score.tracks.reduce((last, { notes }) => notes.reduce((e, n) => Math.max(e, endOfNote(n)), last), 1);
  const ticks = new Set([0, ...score.tempos.map(({ tick }) => tick).filter((tick) => tick < end), end]);
  return [...ticks].map((tick) => [secondsOf(tick), tick / score.ticksPerBeat] as const);
}

/** `120 notes from C3 to A5, 8 drum notes, not drawn, 1:04, 120 beats per minute, 4/4` */
function tuneSummary(score: Score, seconds: number): string {
  const [all, drums] = [countNotes(score), countDrumNotes(score)];
  if (all === 0) return 'no notes';
  const { numerator, denominator } = score.timeSignatures[0] ?? { numerator: 4, denominator: 4 };
  const qpm = Math.round(60e6 / (score.tempos[0]?.microsecondsPerBeat ?? 500_000));
  const notes = [
    ...(all === drums ? [] : [`${formatCount(all - drums, 'note')} ${rangeOf(score)}`]),
    ...(drums === 0 ? [] : [`${formatCount(drums, 'drum note')}, not drawn`]),
  ];
  return `${notes.join(', ')}, ${clockText(seconds)}, ${qpm} beats per minute, ${numerator}/${denominator}`;
}

/** `1:04` */
const clockText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** `from C3 to A5`; drums do not count. */
function rangeOf({ tracks }: Score): string {
  let [low, high] = [127, 0];
  for (const { pitch, channel } of tracks.flatMap(({ notes }) => notes)) {
    if (channel !== DRUM_CHANNEL) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
  }
  return `from ${pitchName(low)} to ${pitchName(high)}`;
}
