/**
 * What a worker process prints, line by line into our log under the copy's name. Lines that are JSON with a
 * `level` and a `message` keep both; others are taken as they are. A line is cut at `lineLengthMax`, so a
 * process that prints without end costs no memory.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Log } from '../../../contracts/telemetry.js';

/** Characters kept of one line. */
const lineLengthMax = 2_000;
/** Last lines kept for the log entry about the end. */
const linesKeptMax = 20;

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

export class WorkerOutput {
  /** The last lines, oldest first. */
  readonly lastLines: string[] = [];

  constructor(
    private readonly facts: object,
    private readonly log: Log,
  ) {}

  /** Reads a stream until it ends; what is printed there has `level` unless it says otherwise. */
  attach(stream: Readable, level: Level): void {
    const decoder = new StringDecoder('utf8');
    let line = '';
    const add = (text: string) => {
      const parts = text.split(/\r?\n/);
      parts.forEach((part, index) => {
        if (line.length < lineLengthMax) line += part.slice(0, lineLengthMax - line.length);
        if (index === parts.length - 1) return;
        this.take(line, level);
        line = '';
      });
    };
    stream.on('data', (bytes: Buffer) => add(decoder.write(bytes)));
    stream.on('error', () => undefined);
    stream.on('end', () => add(`${decoder.end()}\n`));
  }

  private take(line: string, level: Level): void {
    if (line.trim() === '') return;
    const said = parsed(line);
    this.log[said?.level ?? level]({ ...said?.facts, ...this.facts }, said?.message ?? line);
    if (said?.level === 'debug') return;
    this.lastLines.push(said?.message ?? line);
    if (this.lastLines.length > linesKeptMax) this.lastLines.shift();
  }
}

function parsed(line: string): { level: Level; message: string; facts: object } | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, message, ...facts } = JSON.parse(line) as Record<string, unknown>;
    const known = levels.find((name) => name === level);
    return known === undefined || typeof message !== 'string' ? null : { level: known, message, facts };
  } catch {
    return null;
  }
}
