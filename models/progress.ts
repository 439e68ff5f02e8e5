/** One line of progress on standard error: what is being done, how far it is, how fast, how long it takes yet. */

/** Where it is written: a terminal's line is written over, elsewhere lines follow each other. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Milliseconds between two lines on a terminal, and elsewhere. */
const terminalMsMin = 500;
const plainMsMin = 30_000;
/** Before that a rate says nothing, milliseconds. */
const rateMsMin = 100;

const lineBegin = '\r\x1b[K';

export class ProgressLine {
  private readonly startedAt = new Map<string, number>();
  private shownAt = -Infinity;
  private isOpen = false;

  /** `now` in milliseconds, from any beginning. */
  constructor(
    private readonly now: () => number,
    private readonly output: ProgressOutput = process.stderr,
  ) {}

  /** The beginning of something and its end are always shown. */
  readonly show = (doing: string, done: number, of: number): void => {
    const isNew = !this.startedAt.has(doing);
    if (isNew) this.startedAt.set(doing, this.now());
    if (!isNew && done < of && this.now() - this.shownAt < this.msMin()) return;
    this.shownAt = this.now();
    this.write(`${doing}${done > 0 ? `: ${this.counted(doing, done, of)}` : ' …'}`, done >= of);
  };

  /** Whatever is written next stands on a line of its own. */
  end(): void {
    if (this.isOpen) this.output.write('\n');
    this.isOpen = false;
  }

  private msMin(): number {
    return this.output.isTTY === true ? terminalMsMin : plainMsMin;
  }

  private counted(doing: string, done: number, of: number): string {
    const milliseconds = this.now() - this.startedAt.get(doing)!;
    const seconds = milliseconds / 1000;
    if (done >= of) return `${done} of ${of}, ${Math.round(seconds)} s`;
    if (milliseconds < rateMsMin) return `${done} of ${of}`;
    const perSecond = done / seconds;
    return `${done} of ${of}, ${Math.round(perSecond)}/s, ${Math.ceil((of - done) / perSecond)} s left`;
  }

  private write(text: string, isLast: boolean): void {
    if (this.output.isTTY !== true) {
      this.output.write(`${text}\n`);
      return;
    }
    this.output.write(`${lineBegin}${text}`);
    this.isOpen = true;
    if (isLast) this.end();
  }
}
