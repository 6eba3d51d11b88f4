import { beatLines } from '../music/beat-lines.js';
import { endOfNote, type Score } from '../music/score.js';
import { drawnVoices, type DrawnVoice } from './drawn-voices.js';
import { blend, fillRectangle, type Picture } from './picture.js';
import { pitchTop, drawEmptySheet, type SheetMetrics, type Sheet, type Staff, type TimeSpan } from './sheet.js';
import { THEMES, type Theme, type ThemeName } from './theme.js';

export interface ScorePictureOptions {
  /** Pixels of half a beat, 1..16; by default so that the picture is about 1,024 pixels wide. */
  readonly scale?: number | undefined;
  readonly theme?: ThemeName | undefined;
  /** Above the notes. */
  readonly title?: string | undefined;
  /** Rows to draw; by default those of the notes and some around them. */
  readonly range?: { readonly lowestPitch: number; readonly pitches: number } | undefined;
  /** Time to draw; by default up to the bar line after the last note. */
  readonly endTick?: number | undefined;
}

export interface ScorePicture extends Sheet {
  /** Whether the music goes on after what is drawn. */
  readonly isTruncated: boolean;
}

export const MAX_PICTURE_SCALE = 16;
/** Of one stave: as long as the usual roll of 256 half beats. */
const STAFF_BEATS = 128;
/** Rather than one bar alone on the next. */
const MAX_STAFF_BEATS = 136;
const MAX_STAVES = 64;
const MAX_PIXELS = 48_000_000;
/** Of a stave in pixels, when nobody asks for a scale: a short tune is drawn wide, not high. */
const DEFAULT_STAFF_HEIGHT = 320;
/** Fewer rows look lost. */
const MIN_PITCHES = 25;

/**
 * Music as people read it: high pitches on top, octaves, bars and beats ruled, Cs and bars labelled, a color for each
 * voice, the start of each note marked; long music in several staves. The one place where notes become a picture.
 */
export function drawScore(score: Score, options: ScorePictureOptions = {}): ScorePicture {
  const theme = THEMES[options.theme ?? 'light'];
  const voices = drawnVoices(score, theme);
  const endTick = options.endTick ?? lastNoteEnd(score); // drums are heard in it, if not seen
  const lines = beatLines(score, endTick).map(({ tick, bar }) => ({ beat: tick / score.ticksPerBeat, bar }));
  const all = splitIntoSpans(lines, options.endTick === undefined ? undefined : endTick / score.ticksPerBeat);
  const scale = options.scale ?? defaultScale(Math.max(...all.map(({ from, to }) => to - from)));
  const range = options.range ?? pitchRangeOf(voices);
  const roomy = options.scale === undefined ? Math.max(6, Math.floor(DEFAULT_STAFF_HEIGHT / range.pitches)) : Infinity;
  const measures: SheetMetrics = {
    ...range,
    rowHeight: Math.min(roomy, Math.max(1, Math.round(1.5 * scale))),
    beatWidth: 2 * scale,
    textScale: scale >= 3 ? Math.max(2, Math.round(scale / 4)) : 1,
  };
  const stretches = all.slice(0, maxStaves(measures));
  const named = voices.map(({ name, color }) => ({ name, color: color }));
  const legend = named.length < 2 ? [] : [...named.slice(-1), ...named.slice(0, -1)]; // the melody is painted last
  const sheet = drawEmptySheet(stretches, measures, theme, { title: options.title ?? '', legend });
  for (const stave of sheet.staves) {
    for (const voice of voices) paintNotes(sheet.picture, stave, measures, voice, score.ticksPerBeat, theme);
  }
  const isRuled = lines.at(-1)!.beat * score.ticksPerBeat >= endTick; // absurd signatures have more lines than are drawn
  return { ...sheet, isTruncated: stretches.length < all.length || !isRuled };
}

/** Paints the notes of a voice that lie in the stave. */
export function paintNotes(
  picture: Picture,
  stave: Staff,
  measures: SheetMetrics,
  { notes, color }: DrawnVoice,
  ticksPerBeat: number,
  theme: Theme,
): void {
  const { beatWidth, rowHeight, lowestPitch, pitches } = measures;
  const gap = rowHeight >= 3 ? 1 : 0; // neighbouring pitches stay apart where there is room; repeated notes too
  const mark = Math.max(1, Math.floor(beatWidth / 5));
  const start = blend(color, theme.onset, 0.55);
  for (const note of notes) {
    const [from, to] = [note.startTick / ticksPerBeat, endOfNote(note) / ticksPerBeat];
    if (to < stave.from || from >= stave.to || note.pitch < lowestPitch || note.pitch >= lowestPitch + pitches)
      continue;
    const x = stave.left + Math.round((Math.max(from, stave.from) - stave.from) * beatWidth) + gap;
    const right = stave.left + Math.round((Math.min(to, stave.to) - stave.from) * beatWidth);
    const width = Math.max(1, right - x);
    const top = pitchTop(stave, measures, note.pitch) + gap;
    fillRectangle(picture, x, top, width, rowHeight - gap, color);
    if (from >= stave.from && width > 1) fillRectangle(picture, x, top, Math.min(mark, width), rowHeight - gap, start);
  }
}

const lastNoteEnd = ({ tracks }: Score): number =>
  tracks.reduce((last, { notes }) => notes.reduce((end, note) => Math.max(end, endOfNote(note)), last), 0);

/** Notes and two rows above and below, FEWEST_PITCHES at least. */
function pitchRangeOf(voices: readonly DrawnVoice[]): { readonly lowestPitch: number; readonly pitches: number } {
  let [low, high] = [127, 0];
  for (const { notes } of voices) {
    for (const { pitch } of notes) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
  }
  if (low > high) [low, high] = [60, 72];
  const spare = Math.max(2, Math.ceil((MIN_PITCHES - (high - low + 1)) / 2));
  const lowestPitch = Math.max(0, low - spare);
  return { lowestPitch, pitches: Math.min(127, high + spare) - lowestPitch + 1 };
}

/**
 * Whole bars in staves of about the same length.
 * @param end of the last stretch, where it is not the last bar line
 */
function splitIntoSpans(lines: TimeSpan['lines'], end: number | undefined): readonly TimeSpan[] {
  const last = Math.max(1, end ?? lines.at(-1)?.beat ?? 0);
  const most = last / Math.ceil(last / MAX_STAFF_BEATS);
  const bars = lines.filter(({ bar, beat }) => bar !== undefined && beat < last).map(({ beat }) => beat);
  const starts = [0];
  for (const [i, beat] of bars.entries()) {
    const next = bars[i + 1] ?? last;
    // Half a bar over is as good as half a bar under.
    if (beat > starts.at(-1)! && (beat + next) / 2 - starts.at(-1)! > most) starts.push(beat);
    while (next - starts.at(-1)! > MAX_STAFF_BEATS) starts.push(starts.at(-1)! + STAFF_BEATS); // a bar longer than a stave
    if (starts.length > MAX_STAVES) break;
  }
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? last;
    return { from, to, lines: lines.filter(({ beat }) => beat >= from && beat <= to) };
  });
}

/** Half a beat in pixels, so that a stave is about 1,024 pixels wide. */
export const defaultScale = (beats: number): number =>
  Math.max(4, Math.min(MAX_PICTURE_SCALE, Math.floor((4 * STAFF_BEATS) / beats)));

function maxStaves({ beatWidth, rowHeight, pitches }: SheetMetrics): number {
  const pixels = STAFF_BEATS * beatWidth * (rowHeight * pitches + 24);
  return Math.max(1, Math.min(MAX_STAVES, Math.floor(MAX_PIXELS / pixels)));
}
