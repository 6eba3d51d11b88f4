// The scripts in this folder run in the pages that `apollo report` writes. They are plain scripts, not modules: a page
// holds them one after the other in the order of PAGE_SCRIPTS in src/app/pages/page.ts.

/** The kinds of sound that the page can play. */
type Timbre = 'struck' | 'plucked' | 'held' | 'blown' | 'drum';

/** [start and end in seconds, pitch 0..127, velocity 1..127, timbre] */
type PageNote = readonly [start: number, end: number, pitch: number, velocity: number, timbre: Timbre];

interface Sound {
  /** Relative amplitudes of the partials, from the fundamental up. */
  readonly partials: readonly number[];
  /** Seconds to rise to the peak. */
  readonly attack: number;
  /** Seconds to fall by 60 dB at middle C; 0 for a sound that does not decay. */
  readonly decay: number;
  /** Seconds to fade out after the end of the note. */
  readonly release: number;
  /** Peak gain at full velocity, 0..1. */
  readonly level: number;
}

const SOUNDS: Readonly<Record<Timbre, Sound>> = {
  struck: { partials: [1, 0.5, 0.28, 0.16, 0.1, 0.06, 0.04, 0.02], attack: 0.004, decay: 4, release: 0.12, level: 0.3 },
  plucked: { partials: [1, 0.6, 0.4, 0.2, 0.15, 0.08], attack: 0.003, decay: 2.2, release: 0.1, level: 0.3 },
  held: { partials: [1, 0.45, 0.4, 0.2, 0.16, 0.1, 0.05], attack: 0.04, decay: 0, release: 0.12, level: 0.14 },
  blown: { partials: [1, 0.25, 0.1, 0.03], attack: 0.03, decay: 0, release: 0.08, level: 0.2 },
  drum: { partials: [1], attack: 0.001, decay: 0.25, release: 0.05, level: 0.25 },
};

/** A note that is scheduled or sounding. */
interface Voice {
  /** The context's time when the note is silent. */
  readonly end: number;
  /** Silences the note at the context's time `when`. */
  stop(when: number): void;
}

interface Instrument {
  /** Schedules a note from `when` until `until`, in the context's time. */
  play(note: PageNote, when: number, until: number): Voice;
}

/** A small synthesizer built from Web Audio oscillators, noise and envelopes. */
function createInstrument(context: BaseAudioContext, output: AudioNode): Instrument {
  const createSource = createSourceFactory(context);
  return {
    play(note, when, until) {
      const { attack, release } = SOUNDS[note[4]];
      const source = createSource(note);
      const envelope = createEnvelope(context, note, when);
      const releaseStart = Math.max(until, when + attack);
      const end = releaseStart + 2 * release;
      envelope.gain.setTargetAtTime(0, releaseStart, release / 4);
      source.connect(envelope).connect(output);
      source.start(when);
      source.stop(end);
      return {
        end,
        stop(at) {
          envelope.gain.cancelScheduledValues(at);
          envelope.gain.setTargetAtTime(0, at, 0.01);
          source.stop(at + 0.08);
        },
      };
    },
  };
}

/** Creates the source of a note: noise for a drum, an oscillator for any other. Waves and noise are created once. */
function createSourceFactory(context: BaseAudioContext): (note: PageNote) => OscillatorNode | AudioBufferSourceNode {
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
  return ([, , pitch, , timbre]) => {
    if (timbre === 'drum') {
      const source = context.createBufferSource();
      source.buffer = noise ??= createNoise(context);
      source.playbackRate.value = 2 ** ((pitch - 50) / 24); // drums of a low pitch sound lower
      return source;
    }
    const oscillator = context.createOscillator();
    oscillator.setPeriodicWave(waveOf(timbre));
    oscillator.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
    return oscillator;
  };
}

/** The attack and decay of a note that starts at `when`. */
function createEnvelope(context: BaseAudioContext, note: PageNote, when: number): GainNode {
  const [, , pitch, velocity, timbre] = note;
  const { attack, decay, level } = SOUNDS[timbre];
  const envelope = context.createGain();
  envelope.gain.setValueAtTime(0, when);
  envelope.gain.linearRampToValueAtTime(level * (velocity / 127) ** 1.6, when + attack);
  // An exponential falls by 60 dB in 6.9 time constants. Higher notes decay faster.
  if (decay > 0) envelope.gain.setTargetAtTime(0, when + attack, (decay / 6.9) * 2 ** ((60 - pitch) / 24));
  return envelope;
}

/** A quarter of a second of white noise, the same every time. */
function createNoise(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, Math.round(context.sampleRate / 4), context.sampleRate);
  const samples = buffer.getChannelData(0);
  let state = 1;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // the generator of Numerical Recipes
    samples[i] = state / 2 ** 31 - 1;
  }
  return buffer;
}

interface MasterChain {
  readonly input: GainNode;
  readonly output: AudioNode;
}

/** The volume control and a compressor, which keeps many simultaneous notes from distorting. */
function createMasterChain(context: BaseAudioContext, volume: number): MasterChain {
  const input = context.createGain();
  input.gain.value = volume;
  const compressor = context.createDynamicsCompressor();
  compressor.threshold.value = -14;
  compressor.ratio.value = 8;
  input.connect(compressor);
  return { input, output: compressor };
}
