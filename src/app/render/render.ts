import { AlreadyExistsError, UsageError } from '../../domain/errors.js';
import { stripEnding } from '../../domain/file-ending.js';
import { countDrumNotes, countNotes, type Score } from '../../domain/music/score.js';
import { columnAt, singleRollFromScore } from '../../domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../domain/roll/roll-format.js';
import { secondsAt } from '../../domain/music/tempo-map.js';
import { drawRollGrid } from '../../domain/render/roll-picture.js';
import { drawScore } from '../../domain/render/score-picture.js';
import type { ThemeName } from '../../domain/render/theme.js';
import type { FileStore } from '../../ports/file-store.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import type { RenderSound, RenderedSound } from '../sound/render-sound.js';
import { fileName } from '../tunes/file-name.js';
import { readScore } from '../tunes/read-score.js';

export interface RenderRequest {
  /** MIDI files. */
  readonly paths: readonly string[];
  readonly picture:
    { readonly scale: number | undefined; readonly theme: ThemeName; readonly title: string | undefined } | undefined;
  readonly sound: { readonly soundFont: string | undefined; readonly minutes: number } | undefined;
  /** One picture with a small piano roll of each tune, in rows; none when absent. */
  readonly grid?: { readonly path: string; readonly scale: number | undefined; readonly theme: ThemeName } | undefined;
  /** Quarter notes per minute; replaces the tempos of the score. */
  readonly qpm: number | undefined;
  /** Folder to write to; by default the folder of each MIDI file. */
  readonly out: string | undefined;
  readonly replace: boolean;
}

export interface RenderedFile {
  readonly midi: string;
  readonly notes: number;
  /** Length of the music. */
  readonly seconds: number;
  readonly png: string | null;
  readonly wav: string | null;
  /** Length of the WAV file; null without one. */
  readonly wavSeconds: number | null;
  /** Parts of the score that the picture or the sound omits, and damage of the file. */
  readonly notices: readonly string[];
}

export type Render = (request: RenderRequest) => Promise<readonly RenderedFile[]>;

interface RenderPorts {
  readonly files: FileStore;
  readonly scoreReaders: ScoreReaders;
  readonly pictures: PictureEncoder;
  /** Called only when sound is requested. */
  readonly loadRenderSound: () => Promise<RenderSound>;
}

/**
 * Renders MIDI files to pictures and sound. All MIDI files are read, and existing files refused, before the first file
 * is written.
 */
export const createRender =
  (ports: RenderPorts): Render =>
  async (request) => {
    const outputs = request.paths.map((path) => outputPathsOf(path, request, ports.scoreReaders.endings));
    const { grid } = request;
    const targets = [...outputs.flatMap(({ png, wav }) => [png, wav]), grid?.path ?? null].filter(
      (path) => path !== null,
    );
    await refuseExistingFiles(ports.files, targets, request.replace);
    const sources: SourceScore[] = [];
    for (const { midi } of outputs) sources.push(await readSource(midi, request, ports));
    const rendered: RenderedFile[] = [];
    for (const [i, paths] of outputs.entries()) rendered.push(await renderOne(paths, sources[i]!, request, ports));
    if (grid !== undefined) await drawGridPicture(grid, sources, ports);
    return rendered;
  };

interface SourceScore {
  readonly score: Score;
  readonly notices: readonly string[];
}

async function readSource(path: string, request: RenderRequest, ports: RenderPorts): Promise<SourceScore> {
  const { score, warnings } = await readScore(path, ports);
  const damage = warnings.map(({ offset, message }) => `damaged at byte ${offset}: ${message}`);
  const notices = [...damage, ...omissionNotices(score, request)];
  return { score: request.qpm === undefined ? score : withTempo(score, request.qpm), notices };
}

/** Default width of a half beat in pixels, and the number of rolls in a row. */
const GRID = { scale: 1, rollsPerRow: 4 } as const;

async function drawGridPicture(
  { path, scale = GRID.scale, theme }: NonNullable<RenderRequest['grid']>,
  sources: readonly SourceScore[],
  { files, pictures }: RenderPorts,
): Promise<void> {
  const rolls = sources.map(({ score }) => singleRollFromScore(score, DEFAULT_ROLL_FORMAT, { fold: true }));
  await files.write(path, await pictures.encode(drawRollGrid(rolls, GRID.rollsPerRow, scale, theme)));
}

/** Notices about what the pictures leave out of a score. */
function omissionNotices(score: Score, { picture, grid }: RenderRequest): readonly string[] {
  const drums = picture === undefined && grid === undefined ? 0 : countDrumNotes(score);
  const { columns, columnsPerBeat } = DEFAULT_ROLL_FORMAT;
  const isTruncated = grid !== undefined && columnAt(score.endTick, score.ticksPerBeat, columnsPerBeat) > columns;
  return [
    ...(drums === 0 ? [] : [`${countWithVerb(drums, 'drum note')} not drawn: drums have no pitch`]),
    ...(isTruncated ? [`the grid shows its first ${columns / columnsPerBeat} beats`] : []),
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
  { score, notices: sourceNotices }: SourceScore,
  { picture, sound }: RenderRequest,
  { files, pictures, loadRenderSound }: RenderPorts,
): Promise<RenderedFile> {
  const notices = [...sourceNotices];
  if (png !== null && picture !== undefined) {
    const drawn = drawScore(score, { ...picture, title: picture.title ?? titleOf(score, name) });
    if (drawn.isTruncated)
      notices.push(`the picture ends after beat ${drawn.staves.at(-1)!.to}; a smaller --scale shows more`);
    await files.write(png, await pictures.encode(drawn.picture));
  }
  let rendered: RenderedSound | undefined;
  if (wav !== null && sound !== undefined) {
    rendered = await (await loadRenderSound())({ score, title: titleOf(score, name), out: wav, ...sound });
    notices.push(...rendered.notices);
  }
  const seconds = secondsAt(score, score.endTick);
  return { midi, notes: countNotes(score), seconds, png, wav, wavSeconds: rendered?.seconds ?? null, notices };
}

/** The name of the track if the score has exactly one track and it has a name; otherwise `name`. */
export function titleOf({ tracks }: Score, name: string): string {
  const trackName = tracks.length === 1 ? tracks[0]!.name.trim() : '';
  return trackName === '' ? name : trackName;
}

function outputPathsOf(midi: string, { out, picture, sound }: RenderRequest, endings: readonly string[]): OutputPaths {
  const name = stripEnding(fileName(midi), endings);
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
  const duplicate = targets.find((path, i) => targets.indexOf(path) !== i);
  if (duplicate !== undefined) {
    throw new UsageError(`two files would be written to ${duplicate}; render the MIDI files into separate folders`);
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
