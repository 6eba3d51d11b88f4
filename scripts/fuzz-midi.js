// npm run fuzz -- midi --n 20000 --seed 1 [--from FOLDER]
//
// Reads damaged copies of MIDI files and checks the promises of the MidiReader port: a valid score or a MidiError, in
// bounded time, without changing the bytes. A score must also survive writing and reading. Mutant i depends only on the
// seed and i. On a broken promise it saves the bytes in fuzz-failures/ and exits with code 1.
import { Buffer } from 'node:buffer';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createStandardMidiReader } from '../dist/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../dist/adapters/midi/standard-midi-writer.js';
import { DomainError } from '../dist/domain/errors.js';
import { hasEnding } from '../dist/domain/file-ending.js';
import { MIDI_ENDINGS } from '../dist/domain/midi/midi-endings.js';
import { MidiError } from '../dist/domain/midi/midi-error.js';
import { rollsFromScore } from '../dist/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../dist/domain/roll/roll-format.js';
import { compareNotes, endOfNote } from '../dist/domain/music/score.js';
import { composeDemoTune } from '../dist/domain/demo/tune-composer.js';
import { randomStream } from '../dist/domain/random.js';

const MAX_READ_MS = 2000; // for a file of a few kilobytes, on a busy machine
const FAILURES = 'fuzz-failures';

const { values } = readArguments();
const reader = createStandardMidiReader();
const writer = createStandardMidiWriter();

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        n: { type: 'string', default: '20000' },
        seed: { type: 'string', default: '1' },
        from: { type: 'string' },
      },
    });
    const numbers = [parsed.values.n, parsed.values.seed].map(Number);
    if (parsed.positionals.join() === 'midi' && numbers.every((value) => Number.isSafeInteger(value) && value >= 0))
      return parsed;
  } catch {
    // the usage is printed below
  }
  console.error('usage: npm run fuzz -- midi [--n 20000] [--seed 1] [--from FOLDER-OF-MIDI-FILES]');
  process.exit(2);
}

function fuzz(count, seed, folder) {
  const sources = folder === undefined ? composedFiles(seed) : filesIn(folder);
  const outcomes = new Map();
  const started = performance.now();
  let failures = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutant(sources, randomStream(seed, 'tests', i));
    const { outcome, broken } = examine(bytes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (broken === undefined) continue;
    failures++;
    mkdirSync(FAILURES, { recursive: true });
    const file = join(FAILURES, `midi-${seed}-${i}.mid`);
    writeFileSync(file, bytes);
    console.log(`mutant ${i}: ${broken}; saved as ${file}`);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${count} mutants of ${sources.length} files in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`,
  );
  for (const [outcome, times] of [...outcomes].sort((a, b) => b[1] - a[1]))
    console.log(`${String(times).padStart(8)}  ${outcome}`);
  console.log(failures === 0 ? 'every promise was kept' : `${failures} promises were broken`);
  process.exitCode = failures === 0 ? 0 : 1;
}

function filesIn(folder) {
  const names = readdirSync(folder)
    .filter((name) => hasEnding(name, MIDI_ENDINGS))
    .sort();
  if (names.length === 0) throw new Error(`there are no MIDI files in ${folder}`);
  return names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

const composedFiles = (seed) =>
  Array.from({ length: 100 }, (_, i) => writer.write(composeDemoTune(randomStream(seed, 'tunes', i))));

/** The outcome of reading, and the broken promise, if any. */
function examine(bytes) {
  const before = bytes.slice();
  const started = performance.now();
  let outcome;
  let broken;
  try {
    const { score, warnings } = reader.read(bytes);
    outcome = warnings.length > 0 ? 'a score with warnings' : 'a score';
    broken = wrongScore(score) ?? wrongOffsets(warnings, bytes) ?? roundTripProblem(score);
  } catch (error) {
    outcome = error instanceof MidiError ? error.code : 'another error';
    if (!(error instanceof MidiError)) broken = `threw ${error?.stack ?? error}`;
    else broken = wrongOffsets([error], bytes);
  }
  const took = performance.now() - started;
  if (took > MAX_READ_MS) broken ??= `took ${Math.round(took)} ms`;
  if (Buffer.compare(before, bytes) !== 0) broken ??= 'changed the bytes';
  return { outcome, broken };
}

function wrongOffsets(places, bytes) {
  const wrong = places.find(({ offset }) => !Number.isInteger(offset) || offset < 0 || offset > bytes.length);
  return wrong && `offset ${wrong.offset} in ${bytes.length} bytes`;
}

function wrongScore(score) {
  const whole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;
  const tick = (value) => whole(value, 0, Number.MAX_SAFE_INTEGER);
  if (!whole(score.ticksPerBeat, 1, 32_767) || !tick(score.endTick)) return 'ticks out of range';
  if (!score.tempos.every((t) => tick(t.tick) && whole(t.microsecondsPerBeat, 1, 0xffffff))) return 'a wrong tempo';
  if (
    !score.timeSignatures.every(
      (t) => tick(t.tick) && whole(t.numerator, 1, 255) && whole(Math.log2(t.denominator), 0, 7),
    )
  )
    return 'a wrong time signature';
  if (!score.keySignatures.every((k) => tick(k.tick) && whole(k.sharps, -7, 7))) return 'a wrong key signature';
  for (const { program, notes } of score.tracks) {
    if (!whole(program, 0, 127)) return 'a wrong program';
    for (let i = 0; i < notes.length; i++) {
      const n = notes[i];
      const isRight =
        whole(n.pitch, 0, 127) &&
        whole(n.velocity, 1, 127) &&
        whole(n.channel, 0, 15) &&
        tick(n.startTick) &&
        tick(n.durationTicks);
      if (!isRight || endOfNote(n) > score.endTick) return `a wrong note: ${JSON.stringify(n)}`;
      if (i > 0 && compareNotes(notes[i - 1], n) > 0) return 'notes out of order';
    }
  }
}

/** Quantizes a score, writes it and reads it back: the problem, if any. */
function roundTripProblem(score) {
  try {
    rollsFromScore(score, DEFAULT_ROLL_FORMAT);
    const back = reader.read(writer.write(score)).score;
    if (JSON.stringify(back) !== JSON.stringify(score)) return 'the score changed when it was written and read back';
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'MIDI_TOO_LONG')
      return `the score could not be quantized or written: ${error?.stack}`;
  }
}

const BOUNDARY_BYTES = [0, 1, 0x2f, 0x3f, 0x40, 0x51, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0xc0, 0xf0, 0xf7, 0xf8, 0xfe, 0xff];

/** A copy of one file with one to six changes. */
function mutant(sources, random) {
  let bytes = sources[random.below(sources.length)].slice();
  for (let changes = 1 + random.below(6); changes > 0 && bytes.length > 0; changes--) {
    bytes = MUTATIONS[random.below(MUTATIONS.length)](bytes, random, sources);
  }
  return bytes;
}

/** Half of the offsets are in the first 64 bytes, where the headers are. */
const randomOffset = (bytes, random) => random.below(random.below(2) === 0 ? Math.min(64, bytes.length) : bytes.length);
const joined = (...parts) => new Uint8Array(Buffer.concat(parts));
const overwrite = (bytes, at, values) =>
  joined(bytes.subarray(0, at), Uint8Array.from(values), bytes.subarray(at + values.length));

const MUTATIONS = [
  (bytes, random) => overwrite(bytes, randomOffset(bytes, random), [random.below(256)]),
  (bytes, random) =>
    overwrite(bytes, randomOffset(bytes, random), [BOUNDARY_BYTES[random.below(BOUNDARY_BYTES.length)]]),
  (bytes, random) => {
    const at = randomOffset(bytes, random);
    return overwrite(bytes, at, [bytes[at] ^ (1 << random.below(8))]);
  },
  (bytes, random) =>
    overwrite(bytes, randomOffset(bytes, random), [255, 255, 255, BOUNDARY_BYTES[random.below(BOUNDARY_BYTES.length)]]),
  (bytes, random) => {
    const at = randomOffset(bytes, random);
    return joined(
      bytes.subarray(0, at),
      Uint8Array.of(BOUNDARY_BYTES[random.below(BOUNDARY_BYTES.length)]),
      bytes.subarray(at),
    );
  },
  (bytes, random) => {
    const at = randomOffset(bytes, random);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8)));
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const [from, at] = [randomOffset(bytes, random), randomOffset(bytes, random)];
    return joined(bytes.subarray(0, at), bytes.subarray(from, from + random.below(64)), bytes.subarray(at));
  },
  (bytes, random, sources) => {
    const other = sources[random.below(sources.length)];
    return joined(bytes.subarray(0, randomOffset(bytes, random)), other.subarray(random.below(other.length)));
  },
];

fuzz(Number(values.n), Number(values.seed), values.from);
