/**
 * One program of others as a child of this process: launched in a group of its own, its lines passed on, its end told.
 *
 * The program never outlives this process, however that ends: beside it in its group waits a shell for the end of a
 * pipe that only this process holds. When the pipe breaks, it runs the clean-up and ends the whole group. The shell that
 * starts both becomes the program, so the program's number is the group's, and no number is ever signalled that the
 * system may have given to somebody else: as long as the shell lives, the group is ours.
 *
 * Modes: running → ended. Never: a restart.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { memoryOfGroup } from './group-memory.js';

/** A longer line of a program is cut, characters. */
const lineLengthMax = 4_096;
/** Its memory is measured at most so often, milliseconds. */
const measureMs = 5_000;

/**
 * `$1` words of clean-up follow, then the program and its arguments. In the background shell the clean-up's words are
 * moved behind the program's, which then go.
 */
const keeperScript = `
group=$$
count=$1
shift
exec 3<&0 </dev/null
(
  exec >/dev/null 2>&1
  read -r _ <&3
  if [ "$count" -gt 0 ]; then
    all=$#
    moved=0
    while [ "$moved" -lt "$count" ]; do
      word=$1
      shift
      set -- "$@" "$word"
      moved=$((moved + 1))
    done
    shift $((all - count))
    "$@"
  fi
  kill -s KILL -- "-$group"
) &
exec 3<&-
shift "$count"
exec "$@"
`;

export interface ProgramParts {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Run when it has ended or this process has; [] = nothing. */
  readonly cleanup: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** A line it printed. */
  readonly onLine: (line: string) => void;
  readonly now: () => number;
}

export class OutsideProgram {
  /** Resolves when it has ended, with how: continued from "its program". */
  readonly ended: Promise<string>;
  private readonly child: ChildProcess;
  private hasEnded = false;
  private memory = 0;
  private measuredAt = -Infinity;

  constructor(private readonly parts: ProgramParts) {
    const { command, cleanup, environment, onLine } = parts;
    const words = [String(cleanup.length), ...cleanup, ...command];
    this.child = spawn('/bin/sh', ['-c', keeperScript, 'stowage-keeper', ...words], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const { stdin, stdout, stderr } = this.child;
    stdin?.on('error', () => undefined);
    for (const stream of [stdout, stderr]) if (stream !== null) passLines(stream, onLine);
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error: NodeJS.ErrnoException) => {
        if (this.child.pid === undefined) resolve(`cannot be run (${error.code ?? 'unknown'})`);
      });
      this.child.on('exit', (code, signal) => {
        this.hasEnded = true;
        stdin?.destroy(); // what it left in its group goes, too
        resolve(signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`);
      });
    });
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  /** Resident memory of it and its group, bytes; not older than some seconds, 0 where that cannot be known. */
  memoryBytes(): number {
    const { now } = this.parts;
    if (now() - this.measuredAt >= measureMs && this.child.pid !== undefined) {
      this.memory = this.hasEnded ? 0 : memoryOfGroup(this.child.pid);
      this.measuredAt = now();
    }
    return this.memory;
  }

  /** Ends it and all of its group at once. May be repeated. */
  close(): void {
    this.child.stdin?.destroy();
  }
}

function passLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') onLine(line.slice(0, lineLengthMax));
  });
}
