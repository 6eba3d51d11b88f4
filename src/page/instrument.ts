// The scripts in this folder run in the pages that `apollo report` writes. They are plain scripts, not modules: the
// page holds them one after the other in the order of PAGE_SCRIPTS in src/app/pages/page.ts.

/** Kinds of sound that are told apart in a page. */
type Timbre = 'struck' | 'plucked' | 'held' | 'blown' | 'drum';

/** [start and end in seconds, pitch 0..127, velocity 1..127, timbre] */
type PageNote = readonly [start: number, end: number, pitch: number, velocity: number, timbre: Timbre];

/** Shares of the partials, the fundamental first; seconds to rise, to fall by 60 dB at middle C (0: never), and to end. */
interface Sound {
  readonly partials: readonly number[];
  readonly attack: number;
  readonly decay: number;
  readonly release: number;
  readonly level: number;
}

const SOUNDS: Readonly<Record<Timbre, Sound>> = {
  struck: { partials: [1, 0.5, 0.28, 0.16, 0.1, 0.06, 0.04, 0.02], attack: 0.004, decay: 4, release: 0.12, level: 0.3 },
  plucked: { partials: [1, 0.6, 0.4, 0.2, 0.15, 0.08], attack: 0.003, decay: 2.2, release: 0.1, level: 0.3 },
  held: { partials: [1, 0.45, 0.4, 0.2, 0.16, 0.1, 0.05], attack: 0.04, decay: 0, release: 0.12, level: 0.14 },
  blown: { partials: [1, 0.25, 0.1, 0.03], attack: 0.03, decay: 0, release: 0.08, level: 0.2 },
  drum: { partials: [1], attack: 0.001, decay: 0.25, release: 0.05, level: 0.25 },
};

/** What ends a note before its time. */
interface Voice {
  readonly end: number;
  stop(when: number): void;
}

interface Instrument {
  /** Schedules a note from `when` until `until`, in the context's time. */
  play(note: PageNote, when: number, until: number): Voice;
}

/** A synthesizer of our own from what every browser has: oscillators with a spectrum, and envelopes. */
function makeInstrument(context: BaseAudioContext, output: AudioNode): Instrument {
  const waves = new Map<Timbre, PeriodicWave>();
  const waveOf = (timbre: Timbre): PeriodicWave => {
    const known = waves.get(timbre);
    if (known !== undefined) return known;
    const imaginary = Float32Array.of(0, ...SOUNDS[timbre].partials);
    const wave = context.createPeriodicWave(new Float32Array(imaginary.length), imaginary);
    waves.set(timbre, wave);
    return wave;
  };
  let noise: AudioBuffer | undefined;
  const sourceOf = ([, , pitch, , timbre]: PageNote): OscillatorNode | AudioBufferSourceNode => {
    if (timbre === 'drum') {
      const source = context.createBufferSource();
      source.buffer = noise ??= makeNoise(context);
      source.playbackRate.value = 2 ** ((pitch - 50) / 24); // low drums sound lower
      return source;
    }
    const oscillator = context.createOscillator();
    oscillator.setPeriodicWave(waveOf(timbre));
    oscillator.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
    return oscillator;
  };
  return {
    play(note, when, until) {
      const [, , pitch, velocity, timbre] = note;
      const { attack, decay, release, level } = SOUNDS[timbre];
      const peak = level * (velocity / 127) ** 1.6;
      const source = sourceOf(note);
      const envelope = context.createGain();
      envelope.gain.setValueAtTime(0, when);
      envelope.gain.linearRampToValueAtTime(peak, when + attack);
      // Falls by 60 dB in `decay` seconds at middle C, faster the higher the note.
      if (decay > 0) envelope.gain.setTargetAtTime(0, when + attack, (decay / 6.9) * 2 ** ((60 - pitch) / 24));
      const end = Math.max(until, when + attack);
      envelope.gain.setTargetAtTime(0, end, release / 4);
      source.connect(envelope).connect(output);
      source.start(when);
      source.stop(end + 2 * release);
      return {
        end: end + 2 * release,
        stop(at) {
          envelope.gain.cancelScheduledValues(at);
          envelope.gain.setTargetAtTime(0, at, 0.01);
          source.stop(at + 0.08);
        },
      };
    },
  };
}

/** A quarter of a second of noise, the same every time. */
function makeNoise(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, Math.round(context.sampleRate / 4), context.sampleRate);
  const samples = buffer.getChannelData(0);
  let state = 1;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    samples[i] = state / 2 ** 31 - 1;
  }
  return buffer;
}

/** Volume, and a compressor so that many notes together do not distort. Connect to `input`. */
function makeMaster(
  context: BaseAudioContext,
  volume: number,
): { readonly input: GainNode; readonly output: AudioNode } {
  const input = context.createGain();
  input.gain.value = volume;
  const compressor = context.createDynamicsCompressor();
  compressor.threshold.value = -14;
  compressor.ratio.value = 8;
  input.connect(compressor);
  return { input, output: compressor };
}
