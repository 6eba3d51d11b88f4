import { beatLines } from '../music/beat-lines.js';
import { endOfNote, type Score } from '../music/score.js';
import { drawnVoices, type DrawnVoice } from './drawn-voices.js';
import { blend, fillRectangle, type Picture } from './picture.js';
import { drawEmptySheet, type Sheet, type SheetMetrics, type StaffSpan } from './sheet.js';
import { beatLeft, hasPitch, pitchTop, staffMetrics, type Staff } from './staff.js';
import { THEMES, type Theme, type ThemeName } from './theme.js';

export interface ScorePictureOptions {
  /** Pixels of half a beat, 1..16; by default so that the picture is about 1,024 pixels wide. */
  readonly scale?: number | undefined;
  readonly theme?: ThemeName | undefined;
  /** Drawn above the notes. */
  readonly title?: string | undefined;
  /** Rows to draw; by default those of the notes and a few above and below. */
  readonly range?: PitchRange | undefined;
  /** Where the picture ends; by default at the bar line after the last note. */
  readonly endTick?: number | undefined;
}

export interface ScorePicture extends Sheet {
  /** Whether music is left out because the picture would be too large. */
  readonly isTruncated: boolean;
}

interface PitchRange {
  readonly lowestPitch: number;
  readonly pitches: number;
}

const MAX_PICTURE_SCALE = 16;
/** Usual length of a staff: a roll of 256 half beats. */
const STAFF_BEATS = 128;
/** A staff may be longer to avoid another one with a single bar. */
const MAX_STAFF_BEATS = 136;
const MAX_STAVES = 64;
const MAX_PIXELS = 48_000_000;
/** Height of a staff in pixels when no scale is given, so that a short tune is drawn wide and not high. */
const DEFAULT_STAFF_HEIGHT = 320;
const MIN_PITCHES = 25;

/**
 * Draws a score as a piano roll: high pitches on top, octaves, bars and beats ruled, a color for each voice, the start
 * of each note marked. Long music is laid out in several staves.
 */
export function drawScore(score: Score, options: ScorePictureOptions = {}): ScorePicture {
  const theme = THEMES[options.theme ?? 'light'];
  const voices = drawnVoices(score, theme);
  const endTick = options.endTick ?? lastNoteEnd(score); // includes the drums, which are not drawn
  const lines = beatLines(score, endTick).map(({ tick, bar }) => ({ beat: tick / score.ticksPerBeat, bar }));
  const all = splitIntoSpans(lines, options.endTick === undefined ? undefined : endTick / score.ticksPerBeat);
  const longest = Math.max(...all.map(({ from, to }) => to - from));
  const metrics = sheetMetrics(options.range ?? pitchRangeOf(voices), options.scale, longest);
  const spans = all.slice(0, maxStaves(metrics));
  const sheet = drawEmptySheet(spans, metrics, theme, { title: options.title ?? '', legend: legendOf(voices) });
  for (const staff of sheet.staves) {
    for (const voice of voices) paintNotes(sheet.picture, staff, voice, score.ticksPerBeat, theme);
  }
  // Absurd time signatures give more lines than beatLines returns.
  const isRuledToEnd = lines.at(-1)!.beat * score.ticksPerBeat >= endTick;
  return { ...sheet, isTruncated: spans.length < all.length || !isRuledToEnd };
}

function sheetMetrics(range: PitchRange, askedScale: number | undefined, longestStaff: number): SheetMetrics {
  const scale = askedScale ?? defaultScale(longestStaff);
  const metrics = staffMetrics(range, scale);
  const maxRowHeight =
    askedScale === undefined ? Math.max(6, Math.floor(DEFAULT_STAFF_HEIGHT / range.pitches)) : Infinity;
  return {
    ...metrics,
    rowHeight: Math.min(maxRowHeight, metrics.rowHeight),
    textScale: scale >= 3 ? Math.max(2, Math.round(scale / 4)) : 1,
  };
}

/** The melody, which is painted last, is named first. A single voice needs no legend. */
const legendOf = (voices: readonly DrawnVoice[]): readonly DrawnVoice[] =>
  voices.length < 2 ? [] : [...voices.slice(-1), ...voices.slice(0, -1)];

/** Paints the notes of a voice that lie in the staff. */
export function paintNotes(
  picture: Picture,
  staff: Staff,
  { notes, color }: DrawnVoice,
  ticksPerBeat: number,
  theme: Theme,
): void {
  const gap = staff.rowHeight >= 3 ? 1 : 0; // keeps neighboring pitches and repeated notes apart where there is room
  const onsetWidth = Math.max(1, Math.floor(staff.beatWidth / 5));
  const onsetColor = blend(color, theme.onset, 0.55);
  const height = staff.rowHeight - gap;
  for (const note of notes) {
    const [from, to] = [note.startTick / ticksPerBeat, endOfNote(note) / ticksPerBeat];
    if (to < staff.from || from >= staff.to || !hasPitch(staff, note.pitch)) continue;
    const left = beatLeft(staff, Math.max(from, staff.from)) + gap;
    const width = Math.max(1, beatLeft(staff, Math.min(to, staff.to)) - left);
    const top = pitchTop(staff, note.pitch) + gap;
    fillRectangle(picture, { left, top, width, height }, color);
    if (from >= staff.from && width > 1) {
      fillRectangle(picture, { left, top, width: Math.min(onsetWidth, width), height }, onsetColor);
    }
  }
}

const lastNoteEnd = ({ tracks }: Score): number =>
  tracks.reduce((last, { notes }) => notes.reduce((end, note) => Math.max(end, endOfNote(note)), last), 0);

/** The pitches of the notes and at least two rows above and below, at least MIN_PITCHES in all. */
function pitchRangeOf(voices: readonly DrawnVoice[]): PitchRange {
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
 * Spans of whole bars, about equally long.
 * @param end of the last span, unless it is the last bar line
 */
function splitIntoSpans(lines: StaffSpan['lines'], end: number | undefined): readonly StaffSpan[] {
  const last = Math.max(1, end ?? lines.at(-1)?.beat ?? 0);
  const idealLength = last / Math.ceil(last / MAX_STAFF_BEATS);
  const bars = lines.filter(({ bar, beat }) => bar !== undefined && beat < last).map(({ beat }) => beat);
  const starts = [0];
  for (const [i, beat] of bars.entries()) {
    const next = bars[i + 1] ?? last;
    // Half a bar too much is as good as half a bar too little.
    if (beat > starts.at(-1)! && (beat + next) / 2 - starts.at(-1)! > idealLength) starts.push(beat);
    while (next - starts.at(-1)! > MAX_STAFF_BEATS) starts.push(starts.at(-1)! + STAFF_BEATS); // long bar
    if (starts.length > MAX_STAVES) break;
  }
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? last;
    return { from, to, lines: lines.filter(({ beat }) => beat >= from && beat <= to) };
  });
}

/** Pixels of half a beat with which a staff of so many beats is about 1,024 pixels wide. */
export const defaultScale = (beats: number): number =>
  Math.max(4, Math.min(MAX_PICTURE_SCALE, Math.floor((4 * STAFF_BEATS) / beats)));

function maxStaves({ beatWidth, rowHeight, pitches }: SheetMetrics): number {
  const pixels = STAFF_BEATS * beatWidth * (rowHeight * pitches + 24);
  return Math.max(1, Math.min(MAX_STAVES, Math.floor(MAX_PIXELS / pixels)));
}
