import { MidiError } from '../../domain/midi/midi-error.js';
import { MIDI_LIMITS, type MidiLimits } from '../../domain/midi/midi-limits.js';
import { secondsAt } from '../../domain/music/tempo-map.js';
import type { MidiReader, MidiReadResult } from '../../ports/midi-reader.js';
import { assembleScore } from './assemble-score.js';
import { trackChunks } from './smf-chunks.js';
import { NotePairing } from './note-pairing.js';
import { locateSmf, readSmfHeader, type ByteRange, type SmfHeader } from './smf-header.js';
import { TrackReader, type TrackEvents } from './smf-track.js';
import { readDivision } from './time-division.js';
import { WarningList } from './warning-list.js';

/**
 * Our own strict reader of Standard MIDI Files (RP-001 of the MIDI Manufacturers Association), also inside RMID.
 *
 * Reads everything that the standard allows. Damage that leaves a usable part gives a warning: a truncated file, a
 * wrong chunk length or number of tracks, a missing end of track, notes never released, a tempo of 0.
 * A byte that no event may have there is refused, because nobody can tell which of the bytes around it are right.
 * Time is linear in the bytes, and nothing is allocated from a length that a file claims.
 */
export function createStandardMidiReader(limits: MidiLimits = MIDI_LIMITS): MidiReader {
  let spare: NotePairing | undefined; // used again, as making one takes as long as reading a short file
  return {
    read(bytes) {
      const pairing = spare ?? new NotePairing();
      spare = undefined; // what a refused file leaves in it is not used
      const reading = readMidi(bytes, limits, pairing);
      if (pairing.isSmall) spare = pairing;
      return reading;
    },
  };
}

function readMidi(bytes: Uint8Array, limits: MidiLimits, pairing: NotePairing): MidiReadResult {
  if (bytes.length > limits.bytes) {
    const reason = `the file should have ${limits.bytes} bytes or fewer, got ${bytes.length}`;
    throw new MidiError('MIDI_TOO_LARGE', limits.bytes, reason);
  }
  const warnings = new WarningList();
  const region = locateSmf(bytes, warnings);
  const header = readSmfHeader(bytes, region, warnings);
  const division = readDivision(header.division, header.divisionOffset);
  const reader = new TrackReader(bytes, limits, warnings, pairing);
  const { tracks, isCut } = readTracks(region, header, division.tickScale, limits, reader);
  if (isCut && tracks.every(({ notes }) => notes.length === 0)) {
    throw new MidiError('MIDI_TRUNCATED', region.end, 'the file ends here, before its first note');
  }
  checkTrackCount(header, tracks.length, region, warnings);
  const score = assembleScore(tracks, header.format, division);
  if (secondsAt(score, score.endTick) > limits.seconds) {
    const { endOffset } = tracks.find(({ endTick }) => endTick === score.endTick)!;
    throw new MidiError(
      'MIDI_TOO_LONG',
      endOffset,
      `the music should last ${limits.seconds} seconds or less, got more`,
    );
  }
  return { score, format: header.format, trackChunks: tracks.length, warnings: warnings.list() };
}

/** `isCut`: the file ends inside its last track. */
function readTracks(
  region: ByteRange,
  header: SmfHeader,
  scale: number,
  limits: MidiLimits,
  reader: TrackReader,
): { readonly tracks: readonly TrackEvents[]; readonly isCut: boolean } {
  const { bytes, warnings } = reader;
  const tracks: TrackEvents[] = [];
  let isCut = false;
  for (const chunk of trackChunks(bytes, region, header.firstChunkOffset, warnings)) {
    if (tracks.length === limits.tracks) {
      throw new MidiError('MIDI_TOO_MANY_TRACKS', chunk.offset, `there are more than ${limits.tracks} tracks`);
    }
    // The patterns of format 2 are independent of each other: they are laid one after the other.
    const startTick = header.format === 2 ? (tracks.at(-1)?.endTick ?? 0) : 0;
    const track = reader.read(chunk, startTick, scale);
    tracks.push(track);
    isCut = !chunk.isWhole && !track.hasEnd;
  }
  return { tracks, isCut };
}

function checkTrackCount(
  { format, trackCount, firstChunkOffset, divisionOffset }: SmfHeader,
  found: number,
  { end }: ByteRange,
  warnings: WarningList,
): void {
  if (found === 0) {
    if (trackCount > 0 && end - firstChunkOffset < 8)
      throw new MidiError('MIDI_TRUNCATED', end, 'the file ends here, before its first track');
    throw new MidiError('MIDI_NO_TRACKS', firstChunkOffset, 'no track chunk follows the header');
  }
  const countOffset = divisionOffset - 2;
  if (trackCount !== found) warnings.add(countOffset, `the header says ${trackCount} tracks, the file has ${found}`);
  else if (format === 0 && found > 1) warnings.add(countOffset, `format 0 has one track, the file has ${found}`);
}
