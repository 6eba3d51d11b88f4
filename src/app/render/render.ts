import { AlreadyExistsError, UsageError } from '../../domain/errors.js';
import { stripMidiEnding } from '../../domain/midi/midi-endings.js';
import { countDrumNotes, countNotes, type Score } from '../../domain/music/score.js';
import { columnAt, singleRollFromScore } from '../../domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../domain/roll/roll-format.js';
import { secondsAt } from '../../domain/music/tempo-map.js';
import { drawRollGrid } from '../../domain/render/roll-picture.js';
import { drawScore } from '../../domain/render/score-picture.js';
import type { ThemeName } from '../../domain/render/theme.js';
import type { FileStore } from '../../ports/file-store.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { RenderSound, RenderedSound } from '../sound/render-sound.js';
import { readMidi } from '../tunes/read-midi.js';

export interface RenderRequest {
  /** MIDI files. */
  readonly paths: readonly string[];
  readonly picture:
    { readonly scale: number | undefined; readonly theme: ThemeName; readonly title: string | undefined } | undefined;
  readonly sound: { readonly soundFont: string | undefined; readonly minutes: number } | undefined;
  /** A picture of all tunes together, small, side by side; none when absent. */
  readonly grid?: { readonly path: string; readonly scale: number | undefined; readonly theme: ThemeName } | undefined;
  /** Quarter notes a minute in place of the score's tempos. */
  readonly qpm: number | undefined;
  /** Folder of what is written; beside each MIDI file when absent. */
  readonly out: string | undefined;
  readonly replace: boolean;
}

export interface RenderedFile {
  readonly midi: string;
  readonly notes: number;
  /** Of the music. */
  readonly seconds: number;
  readonly png: string | null;
  readonly wav: string | null;
  /** Of the WAV file; null without one. */
  readonly wavSeconds: number | null;
  /** What is not drawn or heard as it is written, and damage. */
  readonly notices: readonly string[];
}

export type Render = (request: RenderRequest) => Promise<readonly RenderedFile[]>;

export interface RenderPorts {
  readonly files: FileStore;
  readonly midiReader: MidiReader;
  readonly pictures: PictureEncoder;
  /** Asked for when there is sound to make. */
  readonly loadRenderSound: () => Promise<RenderSound>;
}

/** MIDI files to pictures and sound. Nothing is written unless all of them can be read and no file stands in the way. */
export const createRender =
  (ports: RenderPorts): Render =>
  async (request) => {
    const places = request.paths.map((path) => outputPathsOf(path, request));
    const { grid } = request;
    const targets = [...places.flatMap(({ png, wav }) => [png, wav]), grid?.path ?? null].filter(
      (path) => path !== null,
    );
    await refuseExistingFiles(ports.files, targets, request.replace);
    const scores: { readonly score: Score; readonly notices: readonly string[] }[] = [];
    for (const { midi } of places) {
      const { score, warnings } = await readMidi(midi, ports.files, ports.midiReader);
      const damage = warnings.map(({ offset, message }) => `damaged at byte ${offset}: ${message}`);
      const notices = [...damage, ...omissionNotices(score, request)];
      scores.push({ score: request.qpm === undefined ? score : withTempo(score, request.qpm), notices });
    }
    const rendered: RenderedFile[] = [];
    for (const [i, place] of places.entries()) rendered.push(await renderOne(place, scores[i]!, request, ports));
    if (grid !== undefined) await drawGridPicture(grid, scores, ports);
    return rendered;
  };

/** Pixels of a grid's half beats, and its rolls from left to right. */
const GRID = { scale: 1, across: 4 } as const;

async function drawGridPicture(
  { path, scale = GRID.scale, theme }: NonNullable<RenderRequest['grid']>,
  scores: readonly { readonly score: Score }[],
  { files, pictures }: RenderPorts,
): Promise<void> {
  const rolls = scores.map(({ score }) => singleRollFromScore(score, DEFAULT_ROLL_FORMAT, { fold: true }));
  await files.write(path, await pictures.encode(drawRollGrid(rolls, GRID.across, scale, theme)));
}

/** Sentences about what neither picture shows of a score. */
function omissionNotices(score: Score, { picture, grid }: RenderRequest): readonly string[] {
  const drums = picture === undefined && grid === undefined ? 0 : countDrumNotes(score);
  const { columns, columnsPerBeat } = DEFAULT_ROLL_FORMAT;
  const isCut = grid !== undefined && columnAt(score.endTick, score.ticksPerBeat, columnsPerBeat) > columns;
  return [
    ...(drums === 0 ? [] : [`${countWithVerb(drums, 'drum note')} not drawn: drums have no pitch`]),
    ...(isCut ? [`the grid shows its first ${columns / columnsPerBeat} beats`] : []),
  ];
}

const countWithVerb = (count: number, what: string): string => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);

interface OutputPaths {
  readonly midi: string;
  readonly name: string;
  readonly png: string | null;
  readonly wav: string | null;
}

async function renderOne(
  { midi, name, png, wav }: OutputPaths,
  { score, notices }: { readonly score: Score; readonly notices: readonly string[] },
  { picture, sound }: RenderRequest,
  { files, pictures, loadRenderSound }: RenderPorts,
): Promise<RenderedFile> {
  const told = [...notices];
  if (png !== null && picture !== undefined) {
    const drawn = drawScore(score, { ...picture, title: picture.title ?? titleOf(score, name) });
    if (drawn.isTruncated)
      told.push(`the picture ends after beat ${drawn.staves.at(-1)!.to}; a smaller --scale shows more`);
    await files.write(png, await pictures.encode(drawn.picture));
  }
  let heard: RenderedSound | undefined;
  if (wav !== null && sound !== undefined) {
    heard = await (await loadRenderSound())({ score, title: titleOf(score, name), out: wav, ...sound });
    told.push(...heard.notices);
  }
  const seconds = secondsAt(score, score.endTick);
  return { midi, notes: countNotes(score), seconds, png, wav, wavSeconds: heard?.seconds ?? null, notices: told };
}

/** What the score calls itself, when it has one track to say so; otherwise the file's name. */
export function titleOf({ tracks }: Score, name: string): string {
  const named = tracks.filter((track) => track.name.trim() !== '');
  return named.length === 1 && tracks.length === 1 ? named[0]!.name.trim() : name;
}

function outputPathsOf(midi: string, { out, picture, sound }: RenderRequest): OutputPaths {
  const name = stripMidiEnding(midi.replace(/^.*[/\\]/s, ''));
  const folder = out ?? midi.replace(/[^/\\]*$/s, '');
  const stem = folder === '' || /[/\\]$/.test(folder) ? `${folder}${name}` : `${folder}/${name}`;
  return {
    midi,
    name,
    png: picture === undefined ? null : `${stem}.png`,
    wav: sound === undefined ? null : `${stem}.wav`,
  };
}

async function refuseExistingFiles(files: FileStore, targets: readonly string[], replace: boolean): Promise<void> {
  const twice = targets.find((path, i) => targets.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new UsageError(`two of the MIDI files would become ${twice}; render them into folders of their own`);
  }
  for (const path of targets) {
    const kind = await files.kind(path);
    if (kind === 'folder') throw new AlreadyExistsError(`${path} is a folder; name another place with --out`);
    if (kind === 'file' && !replace) {
      throw new AlreadyExistsError(`${path} would be replaced; use --force to allow it, or another --out`);
    }
  }
}

const withTempo = (score: Score, qpm: number): Score => ({
  ...score,
  tempos: [{ tick: 0, microsecondsPerBeat: Math.round(60e6 / qpm) }],
});
