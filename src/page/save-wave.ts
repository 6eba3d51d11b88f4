const SAMPLE_RATE = 44100;
/** A longer tune is cut: the samples of an hour would not fit into a page's memory. */
const MAX_SAVED_SECONDS = 30 * 60;
const WAVE_HEADER_BYTES = 44;
/** Two channels of 16 bits. */
const FRAME_BYTES = 4;

/** Renders a tune with the page's instrument as a WAV file of 16-bit stereo. */
async function renderWave(notes: readonly PageNote[], seconds: number): Promise<Blob> {
  const length = Math.ceil((Math.min(seconds, MAX_SAVED_SECONDS) + 1) * SAMPLE_RATE);
  const context = new OfflineAudioContext(2, length, SAMPLE_RATE);
  const { input, output } = createMasterChain(context, 0.8);
  output.connect(context.destination);
  const instrument = createInstrument(context, input);
  for (const note of notes) if (note[0] < MAX_SAVED_SECONDS) instrument.play(note, note[0], note[1]);
  return encodeWave(await context.startRendering());
}

function encodeWave(sound: AudioBuffer): Blob {
  const channels = [0, 1].map((channel) => sound.getChannelData(channel));
  const peak = channels.reduce((max, samples) => samples.reduce((p, s) => Math.max(p, Math.abs(s)), max), 0);
  const gain = 32767 * Math.min(1, 0.95 / Math.max(peak, 1e-9)); // keeps the peak below full scale
  const bytes = new DataView(new ArrayBuffer(WAVE_HEADER_BYTES + sound.length * FRAME_BYTES));
  writeWaveHeader(bytes, sound.length * FRAME_BYTES);
  for (let i = 0, at = WAVE_HEADER_BYTES; i < sound.length; i++) {
    for (const samples of channels) {
      bytes.setInt16(at, Math.round(samples[i]! * gain), true);
      at += 2;
    }
  }
  return new Blob([bytes], { type: 'audio/wav' });
}

function writeWaveHeader(bytes: DataView, dataBytes: number): void {
  const writeText = (at: number, text: string): void => {
    [...text].forEach((letter, i) => bytes.setUint8(at + i, letter.charCodeAt(0)));
  };
  writeText(0, 'RIFF');
  bytes.setUint32(4, bytes.byteLength - 8, true);
  writeText(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 2, true);
  bytes.setUint32(24, SAMPLE_RATE, true);
  bytes.setUint32(28, SAMPLE_RATE * FRAME_BYTES, true);
  bytes.setUint16(32, FRAME_BYTES, true);
  bytes.setUint16(34, 16, true);
  writeText(36, 'data');
  bytes.setUint32(40, dataBytes, true);
}

/** Has the browser save a blob as a file. */
function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
