/** Notes are scheduled this many seconds before they sound, because timers of a hidden page run once a second. */
const SCHEDULE_AHEAD_SECONDS = 1.5;
const SCHEDULE_INTERVAL_MS = 100;
/** Time from pressing a button to the first sound. */
const START_DELAY_SECONDS = 0.05;
/** The tune ends this long after its last second, so that its last notes can fade out. */
const FADE_OUT_SECONDS = 0.3;

/** Plays the notes of one tune against the clock of an audio context. Positions are seconds at the written tempo. */
class Transport {
  private audio: AudioOutput | undefined;
  private voices: Voice[] = [];
  private volume = 0.8;
  private tempo = 1;
  /** The tune's position `position` is heard at the context's time `time`. */
  private anchor = { position: 0, time: 0 };
  private nextNote = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param notes in order of their start
   * @param onEnd is called when the tune has played to its end
   */
  constructor(
    private readonly notes: readonly PageNote[],
    private readonly seconds: number,
    private readonly onEnd: () => void,
  ) {}

  get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  get position(): number {
    const { position, time } = this.anchor;
    if (!this.isPlaying) return position;
    return Math.min(this.seconds, Math.max(position, position + (this.now() - time) * this.tempo));
  }

  /** Current peak level, 0..1. */
  get level(): number {
    return this.audio?.level() ?? 0;
  }

  play(): void {
    this.audio ??= createAudioOutput(this.volume);
    void this.audio.context.resume();
    if (!this.isPlaying) this.start();
  }

  pause(): void {
    this.stop(this.position);
  }

  seek(position: number): void {
    const wasPlaying = this.isPlaying;
    this.stop(Math.min(this.seconds, Math.max(0, position)));
    if (wasPlaying) this.start();
  }

  /** @param tempo relative to the written one, which is 1 */
  setTempo(tempo: number): void {
    const wasPlaying = this.isPlaying;
    this.stop(this.position);
    this.tempo = tempo;
    if (wasPlaying) this.start();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.audio?.input.gain.setTargetAtTime(volume, this.now(), 0.02);
  }

  private now(): number {
    return this.audio?.context.currentTime ?? 0;
  }

  /** The context's time at which a position of the tune is heard. */
  private timeOf(position: number): number {
    return this.anchor.time + (position - this.anchor.position) / this.tempo;
  }

  private start(): void {
    const { position } = this.anchor;
    this.anchor = { position: position >= this.seconds ? 0 : position, time: this.now() + START_DELAY_SECONDS };
    this.nextNote = 0; // notes that started before the position and still sound there are played from there
    this.timer = setInterval(() => this.schedule(), SCHEDULE_INTERVAL_MS);
    this.schedule();
  }

  private stop(position: number): void {
    clearInterval(this.timer);
    this.timer = undefined;
    for (const voice of this.voices) voice.stop(this.now());
    this.voices = [];
    this.anchor = { position, time: this.now() };
  }

  private schedule(): void {
    const { notes, audio } = this;
    const { currentTime } = audio!.context;
    const until = currentTime + SCHEDULE_AHEAD_SECONDS;
    for (; this.nextNote < notes.length && this.timeOf(notes[this.nextNote]![0]) < until; this.nextNote++) {
      const note = notes[this.nextNote]!;
      const [start, end] = note;
      if (end <= this.anchor.position) continue;
      const when = Math.max(this.timeOf(start), currentTime);
      this.voices.push(audio!.instrument.play(note, when, this.timeOf(end)));
    }
    this.voices = this.voices.filter((voice) => voice.end > currentTime);
    if (this.position < this.seconds || this.now() <= this.timeOf(this.seconds) + FADE_OUT_SECONDS) return;
    this.stop(0);
    this.onEnd();
  }
}

interface AudioOutput {
  readonly context: AudioContext;
  /** Its gain is the volume. */
  readonly input: GainNode;
  readonly instrument: Instrument;
  /** Current peak level, 0..1. */
  level(): number;
}

/** Opens the audio system. Call this only after a press of a button, because browsers do not allow it before. */
function createAudioOutput(volume: number): AudioOutput {
  const context = new AudioContext();
  const { input, output } = createMasterChain(context, volume);
  const meter = context.createAnalyser();
  meter.fftSize = 1024;
  output.connect(meter).connect(context.destination);
  const samples = new Float32Array(meter.fftSize);
  const level = (): number => {
    meter.getFloatTimeDomainData(samples);
    return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
  return { context, input, level, instrument: createInstrument(context, input) };
}
