/**
 * The request log: a line of JSON for each request that ended, no texts. Lines are gathered and written together, off
 * the request path. Bounded: the file is set aside as `FILE.1` when it is full, `FILE.1` as `FILE.2`, and the oldest
 * goes; lines that come faster than the disk takes them are dropped and counted.
 *
 * Modes: open → closed. Never: two writes at once; a request that waits for the disk.
 */
import { chmod, open, rename, rm, stat } from 'node:fs/promises';
import type { Clock } from '../../../contracts/clock.js';
import type { JournalEntry, RequestJournal } from '../../../contracts/request-journal.js';
import type { Log } from '../../../contracts/telemetry.js';

/** Between two writes, milliseconds. */
const writeMs = 500;
/** Lines that wait for the next write. */
const linesMax = 50_000;
/** Of one file. */
const fileBytesMax = 64 * 2 ** 20;
/** Files that were set aside. */
const asideMax = 4;

export class RequestLog implements RequestJournal {
  private lines: string[] = [];
  private dropped = 0;
  private writing: Promise<void> = Promise.resolve();
  private cancelWrite: (() => void) | null = null;
  private isClosed = false;

  constructor(
    private readonly file: string,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly bytesMax = fileBytesMax,
  ) {}

  note(entry: JournalEntry): void {
    if (this.isClosed) return;
    if (this.lines.length >= linesMax) this.dropped++;
    else
      this.lines.push(
        `${JSON.stringify({ ...entry, totalMs: tenths(entry.totalMs), firstTokenMs: tenths(entry.firstTokenMs) })}\n`,
      );
    this.cancelWrite ??= this.clock.after(writeMs, () => {
      this.cancelWrite = null;
      this.writing = this.writing.then(() => this.write());
    });
  }

  /** What was noted is written; nothing more is taken. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.cancelWrite?.();
    this.cancelWrite = null;
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  private async write(): Promise<void> {
    const text = this.lines.join('');
    const { dropped } = this;
    this.lines = [];
    this.dropped = 0;
    if (dropped > 0) this.log.warn({ dropped }, 'the request log could not keep up');
    if (text === '') return;
    try {
      await this.makeRoom();
      const handle = await open(this.file, 'a', 0o600);
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
    } catch (err) {
      this.log.warn({ err, file: this.file }, 'the request log cannot be written');
    }
  }

  private async makeRoom(): Promise<void> {
    const size = await stat(this.file).then(
      (facts) => facts.size,
      () => 0,
    );
    if (size < this.bytesMax) return;
    await rm(`${this.file}.${asideMax}`, { force: true });
    for (let number = asideMax - 1; number >= 0; number--) {
      const from = number === 0 ? this.file : `${this.file}.${number}`;
      await rename(from, `${this.file}.${number + 1}`).catch(() => undefined); // it need not be there
    }
    await chmod(`${this.file}.1`, 0o600).catch(() => undefined);
  }
}

function tenths(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
