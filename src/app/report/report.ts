import { AlreadyExistsError, DamagedFileError, FileAccessError } from '../../domain/errors.js';
import type { FileStore } from '../../ports/file-store.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import { PAGE_SCRIPTS } from '../pages/page.js';
import type { ReportPorts } from './report-page.js';
import { renderRunReport } from './run-report.js';
import { renderTunesReport } from './tunes-report.js';

interface ReportRequest {
  /** A run, or a folder of MIDI files. */
  readonly path: string;
  /** The HTML file to write; report.html in the folder when absent. */
  readonly out: string | undefined;
  readonly replace: boolean;
}

export interface ReportResult {
  readonly kind: 'run' | 'tunes';
  readonly path: string;
  readonly report: string;
  readonly bytes: number;
  /** Number of tunes that the page can play. */
  readonly tunes: number;
  /** One sentence for each thing that was left out, with the reason. */
  readonly notices: readonly string[];
}

export type WriteReport = (request: ReportRequest) => Promise<ReportResult>;

/** Writes one self-contained HTML file about a run or a folder of tunes. */
export const createWriteReport =
  (ports: ReportPorts): WriteReport =>
  async ({ path: given, out, replace }) => {
    const { files } = ports;
    const path = given.replace(/(?<=.)\/+$/, '');
    const kind = await kindOf(path, files, ports.scoreReaders);
    const report = out ?? `${path === '/' ? '' : path}/report.html`;
    if (!replace && (await files.kind(report)) !== 'absent') {
      throw new AlreadyExistsError(`${report} would be replaced; use --force to allow it, or another --out`);
    }
    const scripts = await readScripts(ports);
    const page = await (kind === 'run' ? renderRunReport : renderTunesReport)(path, scripts, ports);
    const bytes = new TextEncoder().encode(page.html);
    await files.write(report, bytes);
    return { kind, path, report, bytes: bytes.length, tunes: page.tunes, notices: page.notices };
  };

async function kindOf(path: string, files: FileStore, scoreReaders: ScoreReaders): Promise<'run' | 'tunes'> {
  const kind = await files.kind(path);
  if (kind === 'absent') throw new FileAccessError(`cannot report on ${path}: no such folder`);
  if (kind === 'file') {
    throw new FileAccessError(`cannot report on ${path}: it is a file; name a run or a folder of MIDI files`);
  }
  const names = await files.list(path);
  if (names.includes('run.json')) return 'run';
  if (names.some((name) => scoreReaders.recognizes(name))) return 'tunes';
  throw new DamagedFileError(`cannot report on ${path}: it holds neither a run (run.json) nor MIDI files`);
}

async function readScripts({ files, pageFolder }: ReportPorts): Promise<string> {
  const scripts = await Promise.all(PAGE_SCRIPTS.map((name) => files.read(`${pageFolder}/${name}`)));
  return scripts.map((bytes) => new TextDecoder().decode(bytes)).join('\n');
}
