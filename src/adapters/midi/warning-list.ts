import type { ScoreWarning } from '../../ports/score-readers.js';

/** Number of warnings that are listed. A damaged file can give one for each event. */
const MAX_WARNINGS = 100;

export class WarningList {
  private readonly kept: ScoreWarning[] = [];
  private lastOffset = 0;
  private dropped = 0;

  add(offset: number, message: string): void {
    this.lastOffset = offset;
    if (this.kept.length < MAX_WARNINGS) this.kept.push({ offset, message });
    else this.dropped++;
  }

  /** In order of offset. */
  list(): readonly ScoreWarning[] {
    if (this.kept.length === 0) return this.kept;
    const all = [...this.kept].sort((a, b) => a.offset - b.offset);
    if (this.dropped > 0) all.push({ offset: this.lastOffset, message: `and ${this.dropped} more things are wrong` });
    return all;
  }
}
