const SAVED_RATE = 44100;
/** What a page renders at most: an hour of sound would not fit into its memory. */
const SAVED_SECONDS = 30 * 60;

/** The tune as a WAV file of 16-bit stereo, rendered in the page by the instrument that plays it. */
async function renderWave(notes: readonly PageNote[], seconds: number): Promise<Blob> {
  const length = Math.ceil((Math.min(seconds, SAVED_SECONDS) + 1) * SAVED_RATE);
  const context = new OfflineAudioContext(2, length, SAVED_RATE);
  const { input, output } = makeMaster(context, 0.8);
  output.connect(context.destination);
  const instrument = makeInstrument(context, input);
  for (const note of notes) if (note[0] < SAVED_SECONDS) instrument.play(note, note[0], note[1]);
  return encodeWave(await context.startRendering());
}

function encodeWave(sound: AudioBuffer): Blob {
  const channels = [0, 1].map((channel) => sound.getChannelData(channel));
  const peak = channels.reduce((most, samples) => samples.reduce((p, s) => Math.max(p, Math.abs(s)), most), 0);
  const gain = 32767 * Math.min(1, 0.95 / Math.max(peak, 1e-9)); // under full scale, whatever is played together
  const bytes = new DataView(new ArrayBuffer(44 + sound.length * 4));
  const text = (at: number, words: string): void => {
    [...words].forEach((letter, i) => bytes.setUint8(at + i, letter.charCodeAt(0)));
  };
  text(0, 'RIFF');
  bytes.setUint32(4, bytes.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 2, true);
  bytes.setUint32(24, SAVED_RATE, true);
  bytes.setUint32(28, SAVED_RATE * 4, true);
  bytes.setUint16(32, 4, true);
  bytes.setUint16(34, 16, true);
  text(36, 'data');
  bytes.setUint32(40, sound.length * 4, true);
  for (let i = 0, at = 44; i < sound.length; i++) {
    for (const samples of channels) {
      bytes.setInt16(at, Math.round(samples[i]! * gain), true);
      at += 2;
    }
  }
  return new Blob([bytes], { type: 'audio/wav' });
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
