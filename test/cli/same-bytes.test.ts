import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { runApollo, lastJson } from '../support/run-apollo.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();

/** SHA-256 of what each journey writes, kept from the program before it was rebuilt in layers. */
const golden = JSON.parse(readFileSync(new URL('../golden/same-bytes.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A PNG with its pixels unpacked: how well they are packed depends on the version of Node.js and the processor. */
function unpackedPng(png: Buffer): Buffer {
  const packed: Buffer[] = [];
  const others: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const chunk = png.subarray(at + 4, at + 8 + png.readUInt32BE(at)); // its type and data
    if (chunk.toString('latin1', 0, 4) === 'IDAT') packed.push(chunk.subarray(4));
    else others.push(chunk);
  }
  return Buffer.concat([...others, inflateSync(Buffer.concat(packed))]);
}

function digestOf(path: string): string {
  const bytes = readFileSync(path);
  return sha256(extname(path) === '.png' ? unpackedPng(bytes) : bytes);
}

/** The digest of every file in a folder and below, by its path there. */
function digestsOf(folder: string): Record<string, string> {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name)).sort();
  const files = paths.filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(folder, path).split(sep).join('/'), digestOf(path)]));
}

/**
 * If a change is meant to change what the program writes, copy the digests that Jest shows into the golden file, and
 * say in the changelog that the same seeds now give other results.
 */
describe('the same seeds give the same bytes as ever', () => {
  const cwd = scratch();
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runApollo([...args, '--quiet'], { cwd });
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };

  // ONNX Runtime adds in another order on another processor. The certainty of a cell then differs in its last bits,
  // but whether the cell sounds does, as good as never: what is drawn and heard of it can be pinned, its weights not.
  it('of the four tunes of npm start', async () => {
    await run('compose', '--count', '4', '--out', 'out');
    expect(digestsOf(join(cwd, 'out'))).toEqual(golden['compose']);
  });

  it('of a tune that is heard', async () => {
    await run('compose', '--count', '1', '--out', 'heard', '--wav');
    expect(digestsOf(join(cwd, 'heard'))).toEqual(golden['wav']);
  });

  it('of a dataset', async () => {
    await run('prepare', '--demo', '30', '--voices', '--out', 'data');
    expect(digestsOf(join(cwd, 'data'))).toEqual(golden['prepare']);
  });

  it('of what is measured of the tunes beside the dataset', async () => {
    const measured = lastJson(await run('evaluate', 'out', '--against', 'data', '--json')) as Record<string, unknown>;
    const { path, against, report, ...values } = measured;
    expect({ path, against, report }).toEqual({ path: 'out', against: 'data', report: null });
    expect({ values: sha256(JSON.stringify(values)) }).toEqual(golden['evaluate']);
  });

  // The reference engine computes in JavaScript, which gives the same bits on every processor.
  it.each([
    ['apollo', 4, 8, ['--voices']],
    ['dcgan-a', 2, 4, []],
  ])('of a run of %s, and its model', async (model, depth, tunes, format) => {
    await run('prepare', '--demo', `${tunes}`, ...format, '--out', `few-${model}`);
    const size = ['--model', model, '--depth', `${depth}`, '--epochs', '1', '--batch', '4', '--log-every', '1'];
    const engine = ['--engine', 'reference', '--threads', '1'];
    await run('train', `few-${model}`, ...size, ...engine, '--seed', '3', '--out', model);
    await run('export', model);
    expect(digestsOf(join(cwd, model))).toEqual(golden[model]);
  });
});
