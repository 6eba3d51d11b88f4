const { PI, cos, sin, sqrt } = Math;

/** Hertz of a MIDI pitch. */
export const hertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Amplitude of one frequency in a stretch of sound under a Hann window: one bin of a Fourier transform. */
function amplitudeAt(samples: Float32Array, frequency: number, sampleRate = 44_100): number {
  const { length } = samples;
  let [re, im] = [0, 0];
  for (let i = 0; i < length; i++) {
    const windowed = samples[i]! * (0.5 - 0.5 * cos((2 * PI * i) / length));
    re += windowed * cos((2 * PI * frequency * i) / sampleRate);
    im += windowed * sin((2 * PI * frequency * i) / sampleRate);
  }
  return (4 / length) * sqrt(re * re + im * im);
}

/** How much of a pitch there is: its fundamental and second partial. */
export const pitchStrength = (samples: Float32Array, pitch: number): number =>
  amplitudeAt(samples, hertz(pitch)) + amplitudeAt(samples, 2 * hertz(pitch));
