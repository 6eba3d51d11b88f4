/** Plays the notes of one tune against the clock of an audio context. */
interface Transport {
  readonly isPlaying: boolean;
  /** Seconds into the tune, as it is written. */
  position(): number;
  play(): void;
  pause(): void;
  seek(position: number): void;
  /** 1 is as written. */
  setTempo(tempo: number): void;
  setVolume(volume: number): void;
  /** Loudness now, 0..1. */
  level(): number;
}

/** Notes are handed to the audio system so many seconds before they sound: timers of a hidden page run once a second. */
const AHEAD = 1.5;
const INTERVAL_MS = 100;
/** From the press of a button to the first sound. */
const LEAD = 0.05;

/**
 * @param notes in order of start
 * @param ended is called when the tune has come to its end by itself
 */
function makeTransport(notes: readonly PageNote[], seconds: number, ended: () => void): Transport {
  let stage: ReturnType<typeof makeStage> | undefined;
  let voices: Voice[] = [];
  let [volume, tempo] = [0.8, 1];
  /** The tune's position `from` is heard at the context's time `at`. */
  let anchor = { from: 0, at: 0 };
  let next = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const now = (): number => stage?.context.currentTime ?? 0;
  const position = (): number =>
    timer === undefined
      ? anchor.from
      : Math.min(seconds, Math.max(anchor.from, anchor.from + (now() - anchor.at) * tempo));
  const timeOf = (place: number): number => anchor.at + (place - anchor.from) / tempo;

  const schedule = (): void => {
    const { instrument, context } = stage!;
    for (; next < notes.length && timeOf(notes[next]![0]) < context.currentTime + AHEAD; next++) {
      const note = notes[next]!;
      if (note[1] <= anchor.from) continue;
      const when = Math.max(timeOf(note[0]), context.currentTime);
      voices.push(instrument.play(note, when, timeOf(note[1])));
    }
    voices = voices.filter(({ end }) => end > context.currentTime);
    if (position() >= seconds && now() > timeOf(seconds) + 0.3) {
      halt(0);
      ended();
    }
  };
  const halt = (from: number): void => {
    clearInterval(timer);
    timer = undefined;
    for (const voice of voices) voice.stop(now());
    voices = [];
    anchor = { from, at: now() };
  };
  const begin = (): void => {
    anchor = { from: anchor.from >= seconds ? 0 : anchor.from, at: now() + LEAD };
    next = 0; // what sounds already at this place is begun again
    timer = setInterval(schedule, INTERVAL_MS);
    schedule();
  };
  const restart = (from: number): void => {
    const wasPlaying = timer !== undefined;
    halt(from);
    if (wasPlaying) begin();
  };
  return {
    get isPlaying() {
      return timer !== undefined;
    },
    position,
    play() {
      stage ??= makeStage(volume);
      void stage.context.resume();
      if (timer === undefined) begin();
    },
    pause: () => halt(position()),
    seek: (place) => restart(Math.min(seconds, Math.max(0, place))),
    setTempo(value) {
      const place = position();
      const wasPlaying = timer !== undefined;
      halt(place);
      tempo = value;
      if (wasPlaying) begin();
    },
    setVolume(value) {
      volume = value;
      stage?.input.gain.setTargetAtTime(value, now(), 0.02);
    },
    level: () => stage?.level() ?? 0,
  };
}

/** The audio system, opened when it is first needed: browsers allow that after a press only. */
function makeStage(volume: number) {
  const context = new AudioContext();
  const { input, output } = makeMaster(context, volume);
  const meter = context.createAnalyser();
  meter.fftSize = 1024;
  output.connect(meter).connect(context.destination);
  const samples = new Float32Array(meter.fftSize);
  const level = (): number => {
    meter.getFloatTimeDomainData(samples);
    return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
  return { context, input, level, instrument: makeInstrument(context, input) };
}
