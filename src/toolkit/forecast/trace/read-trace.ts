/** Reads a trace from a file, line by line, also one that gzip packed. Memory is what its rows need, and bounded. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StowageError } from '../../../domain/errors.js';
import { formatOf, readerOf, TraceFormat } from './formats.js';
import { badRow, type RowReader, type TraceRow, unfinished } from './trace-row.js';

/** Rows that are read; a trace with more is cut there, and that is said. */
const rowsMax = 2_000_000;
const lineBytesMax = 256 * 1024;
const newline = 0x0a;

export interface Trace {
  readonly format: TraceFormat;
  /** By rising `at`, which counts from the first row. */
  readonly rows: readonly TraceRow[];
  /** Requests that were not answered to their end; they are left out. */
  readonly unfinishedCount: number;
  /** It had more rows than are read. */
  readonly isCut: boolean;
}

/** Throws FILE-012 with the line of a row that is not as its format says, FILE-013 when the file cannot be read. */
export async function readTrace(file: string): Promise<Trace> {
  const rows: TraceRow[] = [];
  let format: TraceFormat | null = null;
  let reader: RowReader | null = null;
  let number = 0;
  let isCut = false;
  let unfinishedCount = 0;
  try {
    for await (const line of await linesOf(file)) {
      number++;
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() === '') continue;
      const location = `${file}:${number}:1`;
      format ??= formatOf(text);
      reader ??= readerOf(format);
      const row = reader(text, location);
      if (row === null) continue;
      if (row === unfinished) {
        unfinishedCount++;
        continue;
      }
      isCut = rows.length >= rowsMax;
      if (isCut) break;
      rows.push(row);
    }
  } catch (cause) {
    if (cause instanceof StowageError) throw cause;
    throw StowageError.of('FILE-013', { file, problem: reasonOf(cause) }, { cause });
  }
  rows.sort((a, b) => a.at - b.at);
  const first = rows[0];
  if (first === undefined) {
    const problem =
      unfinishedCount === 0 ? 'it holds no request' : 'none of its requests was answered to its end';
    throw StowageError.of('FILE-013', { file, problem });
  }
  const from = first.at;
  return {
    format: format ?? TraceFormat.Azure,
    rows: rows.map((row) => ({ ...row, at: row.at - from })),
    unfinishedCount,
    isCut,
  };
}

async function linesOf(file: string): Promise<AsyncIterable<string>> {
  const isGzip = await isPacked(file);
  const bytes = createReadStream(file);
  const plain = isGzip ? bytes.pipe(createGunzip()) : bytes;
  const input = plain.pipe(new LineGuard(file));
  const streams: Readable[] = [bytes, plain, input];
  const end = (error?: Error) => {
    for (const stream of streams) stream.destroy(error);
  };
  const failure: Failure = { error: null };
  for (const stream of streams) {
    stream.on('error', (error: Error) => {
      failure.error ??= error;
      end(error);
    });
  }
  return failing(createInterface({ input, crlfDelay: Infinity }), failure, end);
}

/** Lets bytes pass as long as no line is too long: a line is put together in memory before anybody sees it. */
class LineGuard extends Transform {
  private line = 1;
  /** Of the line that is not over. */
  private length = 0;

  constructor(private readonly file: string) {
    super();
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      if (this.length + end - from > lineBytesMax) return done(this.tooLong());
      this.line++;
      this.length = 0;
      from = end + 1;
    }
    this.length += chunk.length - from;
    if (this.length > lineBytesMax) done(this.tooLong());
    else done(null, chunk);
  }

  private tooLong(): StowageError {
    const location = `${this.file}:${this.line}:1`;
    return badRow(location, `it has more than ${lineBytesMax} bytes`, 'leave the line out');
  }
}

interface Failure {
  error: Error | null;
}

/** A readline ends quietly when its input fails; this one fails with it. */
async function* failing(
  lines: AsyncIterable<string>,
  failure: Failure,
  end: () => void,
): AsyncGenerator<string> {
  try {
    for await (const line of lines) {
      if (failure.error !== null) throw failure.error;
      yield line;
    }
    if (failure.error !== null) throw failure.error;
  } finally {
    end();
  }
}

async function isPacked(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function reasonOf(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
