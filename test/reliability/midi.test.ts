import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { runApollo, linesOf } from '../support/run-apollo.js';
import { runTool } from '../support/files/fault-injection.js';
import { LARGE_FILES } from '../support/midi/large-midi.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const cwd = process.cwd();
/** From the Debian package openttd-openmsx. */
const OPENMSX = '/usr/share/games/openttd/baseset/openmsx';

/** What test/support/midi/read-with-mido.py prints of a file; notes are [tick, pitch, duration, channel, velocity]. */
interface MidoReading {
  readonly format: number;
  readonly ticks: number;
  readonly tracks: readonly (readonly number[][])[];
}

describe('the tunes of OpenTTD', () => {
  const names = readdirSync(OPENMSX)
    .filter((name) => name.endsWith('.mid'))
    .sort();

  it('hold, note for note, what mido reads', async () => {
    expect(names.length).toBeGreaterThan(25);
    const paths = names.map((name) => join(OPENMSX, name));
    const args = ['test/support/midi/read-with-mido.py', ...paths];
    const { code, stdout, stderr } = await runTool('/usr/bin/python3', args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const theirs = linesOf(stdout).map((line) => JSON.parse(line) as MidoReading);
    const reader = createStandardMidiReader();
    let notes = 0;
    for (const [i, { format, ticks, tracks }] of theirs.entries()) {
      const reading = reader.read(new Uint8Array(readFileSync(paths[i]!)));
      const ours = reading.score.tracks
        .flatMap((track) => track.notes)
        .map((n) => [n.startTick, n.pitch, n.durationTicks, n.channel, n.velocity]);
      expect([names[i], reading.format, reading.score.ticksPerBeat, reading.trackChunks]).toEqual([
        ...[names[i], format, ticks, tracks.length],
      ]);
      expect(inOrder(ours)).toBe(inOrder(tracks.flat()));
      notes += ours.length;
    }
    expect([theirs.length, notes > 20_000]).toEqual([names.length, true]);
  });

  it('are whole but for a note that is never released', () => {
    const reader = createStandardMidiReader();
    const warnings = names.flatMap((name) =>
      reader.read(readFileSync(join(OPENMSX, name))).warnings.map(({ message }) => `${name}: ${message}`),
    );
    expect(warnings).toEqual(['chuggachugga.mid: this note is never released; it ends with the track']);
  });
});

/** As text, because comparing tens of thousands of arrays takes jest long. */
const inOrder = (notes: readonly (readonly number[])[]): string =>
  [...notes]
    .sort((a, b) => a.map((value, at) => value - b[at]!).find((difference) => difference !== 0) ?? 0)
    .map((note) => note.join(' '))
    .join('\n');

describe('the fuzzer', () => {
  it('finds no promise broken in 20,000 mutants of real tunes', async () => {
    const args = ['scripts/fuzz-midi.js', 'midi', '--n', '20000', '--seed', '2026', '--from', OPENMSX];
    const { code, stdout } = await runTool(process.execPath, args, { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('every promise was kept') });
  });
});

describe('reading and cutting into rolls', () => {
  const measure = async (path: string) => {
    const { code, stdout, stderr } = await runTool(process.execPath, ['test/support/midi/measure-midi.mjs', path], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as { seconds: number; kilobytes: number };
  };
  let folder: string;
  let bare: number;
  beforeAll(async () => {
    folder = scratch();
    bare = (await measure('nothing')).kilobytes;
  });
  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it.each(LARGE_FILES)('$name: at most 40 MB and 60 times the file', async ({ name, make, count }) => {
    const bytes = make(count);
    const { kilobytes } = await measure(file(`${name}.mid`, bytes));
    expect(kilobytes - bare).toBeLessThan(40_000 + (60 * bytes.length) / 1000);
    // As a user starts it; what the program itself takes counts.
    const path = join(folder, `${name}.mid`);
    for (const words of [
      ['inspect', path],
      ['prepare', path, '--out', join(folder, 'set'), '--force', '--quiet'],
    ]) {
      const { stderr } = await runTool(
        '/usr/bin/time',
        ['-f', 'KB %M', process.execPath, resolve('bin/apollo.js'), ...words],
        { cwd },
      );
      const peak = Number(/KB (\d+)/.exec(stderr)![1]);
      expect({ words, most: peak - bare <= 40_000 + (60 * bytes.length) / 1000, peak }).toEqual({
        words,
        most: true,
        peak,
      });
    }
  });

  it.each(LARGE_FILES.filter(({ grows }) => grows))(
    '$name: twice the events take at most 2.5 times the time',
    async ({ name, make, count }) => {
      const [once, twice] = [file(`${name}-1.mid`, make(count)), file(`${name}-2.mid`, make(2 * count))];
      // The fastest of several, in turns, in processor time: a busy machine must not decide.
      let [one, two] = [Infinity, Infinity];
      for (let round = 0; round < 5; round++) {
        one = Math.min(one, (await measure(once)).seconds);
        two = Math.min(two, (await measure(twice)).seconds);
      }
      expect({ ratio: two / one, right: two <= 2.5 * one || two < 0.05 }).toEqual({ ratio: two / one, right: true });
    },
  );
});

it('a file that is too large is refused before it is read', async () => {
  const path = join(scratch(), 'huge.mid');
  await runTool('truncate', ['-s', '3G', path], { cwd });
  await runTool('bash', ['-c', `printf 'MThd' | dd of=${path} conv=notrunc 2>/dev/null`], { cwd });
  const begun = performance.now();
  const { code, stderr } = await runApollo(['inspect', path], { cwd });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `apollo: cannot read ${path}: it has 3221225472 bytes, more than the limit of 67108864\n`,
  });
  expect(performance.now() - begun).toBeLessThan(5000);
});
