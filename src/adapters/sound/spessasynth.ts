import type { BasicSoundBank, SpessaSynthProcessor } from 'spessasynth_core';
import { DamagedFileError } from '../../domain/errors.js';
import type { Part } from '../../domain/sound/score-performance.js';
import { SAMPLE_RATE, RENDER_QUANTUM, type StereoBlock } from '../../domain/sound/stereo-block.js';
import type { Synthesizer } from '../../ports/synthesizer.js';

type Library = typeof import('spessasynth_core');

/**
 * SoundFonts played by spessasynth_core, without its effects: its reverb takes twice the time of all else together.
 * Notes are handed over one by one, to the nearest window of 2.9 ms; its sequencer and its MIDI reader are not used.
 */
export const spessasynth: Synthesizer = {
  async load(soundFont) {
    const library = await import('spessasynth_core');
    library.SpessaLog.setLogLevel(false, false, false);
    const bank = await openBank(library, soundFont);
    const isMelodic = (preset: BasicSoundBank['presets'][number]): boolean =>
      !preset.isDrum && preset.bankMSB === 0 && preset.bankLSB === 0;
    const programs = new Set(bank.presets.filter(isMelodic).map(({ program }) => program));
    if (programs.size === 0) throw new DamagedFileError('the SoundFont has no General MIDI instrument');
    return {
      programs,
      hasDrums: bank.presets.some((preset) => preset.isDrum),
      render: (parts, frames) => play(library, bank, parts, frames),
    };
  },
};

/** Frames given out at a time. */
const BLOCK_FRAMES = 32 * RENDER_QUANTUM;
const DRUM_CHANNEL = 9;
const PAN_CONTROLLER = 10;
/** Stereo position of each player, from 0 (left) to 127. */
const PAN_POSITIONS: readonly number[] = [64, 44, 84, 30, 98, 54, 74];

async function openBank({ BasicSoundBank, SoundBankLoader }: Library, bytes: Uint8Array): Promise<BasicSoundBank> {
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'sfbk') {
    throw new DamagedFileError('not a SoundFont: RIFF and sfbk are expected at its start');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8;
  if (length > bytes.length) {
    throw new DamagedFileError(`the SoundFont is cut off: it should have ${length} bytes, got ${bytes.length}`);
  }
  try {
    await BasicSoundBank.isSF3DecoderReady;
    return SoundBankLoader.fromArrayBuffer(bytes.slice().buffer);
  } catch (cause) {
    throw new DamagedFileError('the SoundFont is damaged, or of a kind that cannot be read', { cause });
  }
}

/** A key that goes down or up. */
interface NoteEvent {
  readonly frame: number;
  readonly channel: number;
  readonly pitch: number;
  /** 0 for up. */
  readonly velocity: number;
}

function* play(
  library: Library,
  bank: BasicSoundBank,
  parts: readonly Part[],
  frames: number,
): Generator<StereoBlock, void, undefined> {
  const synth = new library.SpessaSynthProcessor(SAMPLE_RATE, {
    maxBufferSize: RENDER_QUANTUM,
    effectsEnabled: false,
    eventsEnabled: false,
  });
  synth.soundBankManager.addSoundBank(bank, 'main');
  const events = noteEvents(parts, assignChannels(synth, parts));
  let next = 0;
  try {
    for (let start = 0; start < frames; start += BLOCK_FRAMES) {
      const size = Math.min(BLOCK_FRAMES, frames - start);
      const [left, right] = [new Float32Array(size), new Float32Array(size)];
      for (let at = 0; at < size; at += RENDER_QUANTUM) {
        while (next < events.length && events[next]!.frame <= start + at) sendNoteEvent(synth, events[next++]!);
        synth.process(left, right, at, RENDER_QUANTUM);
      }
      yield { left, right };
    }
  } catch (cause) {
    throw new DamagedFileError('the SoundFont is damaged: an instrument of it cannot be played', { cause });
  } finally {
    // Frees the voices; the bank itself stays for the next performance.
    synth.stopAllChannels(true);
  }
}

/** Gives each part a channel with its program and place; returns the channels. */
function assignChannels(synth: SpessaSynthProcessor, parts: readonly Part[]): readonly number[] {
  let free = 0;
  return parts.map(({ program, isDrums }, i) => {
    while (free % 16 === DRUM_CHANNEL) free++; // the library plays drums on these
    const channel = isDrums ? DRUM_CHANNEL : free++;
    while (synth.midiChannels.length <= channel) synth.createMIDIChannel();
    synth.programChange(channel, program);
    synth.controllerChange(
      channel,
      PAN_CONTROLLER,
      isDrums ? PAN_POSITIONS[0]! : PAN_POSITIONS[i % PAN_POSITIONS.length]!,
    );
    return channel;
  });
}

/** All keys of all parts in order of time; of those in one window, the ones that go up come first. */
function noteEvents(parts: readonly Part[], channels: readonly number[]): readonly NoteEvent[] {
  const windowOf = (seconds: number): number => Math.round((seconds * SAMPLE_RATE) / RENDER_QUANTUM) * RENDER_QUANTUM;
  const events = parts.flatMap(({ notes }, part) =>
    notes.flatMap(({ start, end, pitch, velocity }): NoteEvent[] => {
      const channel = channels[part]!;
      const down = windowOf(start);
      return [
        { frame: down, channel, pitch, velocity },
        { frame: Math.max(windowOf(end), down + RENDER_QUANTUM), channel, pitch, velocity: 0 },
      ];
    }),
  );
  return events.sort(
    (a, b) =>
      a.frame - b.frame || Math.sign(a.velocity) - Math.sign(b.velocity) || a.channel - b.channel || a.pitch - b.pitch,
  );
}

const sendNoteEvent = (synth: SpessaSynthProcessor, { channel, pitch, velocity }: NoteEvent): void =>
  velocity === 0 ? synth.noteOff(channel, pitch) : synth.noteOn(channel, pitch, velocity);
