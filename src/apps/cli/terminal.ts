/**
 * The person at the terminal: data goes to standard output, everything else to standard error. Colour only
 * where it can be seen and is wanted; a word always stands beside a symbol.
 */
import type { Announcer } from '../server-options.js';
import { formatFailure } from './failure.js';
import { Paint } from './paint.js';

export interface TerminalOptions {
  /** No colours, no moving lines, symbols of ASCII only. */
  readonly plain: boolean;
  /** Show stack traces. */
  readonly debug: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
}

export interface Terminal extends Announcer {
  readonly isDebug: boolean;
  /** True when standard error can show a line that changes. */
  readonly isLive: boolean;
  /** Columns of standard error; 80 where there is no terminal. */
  columns(): number;
  /** A piece of data, as it is, to standard output. */
  write(data: string): void;
  /** A piece of text, as it is, to standard error. */
  writeError(text: string): void;
  /** Colours text for standard error, if colours are shown there. */
  paint(paint: Paint, text: string): string;
  /** Colours text for standard output. */
  paintData(paint: Paint, text: string): string;
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { plain, debug, environment, output, errors } = options;
  const coloured = (stream: NodeJS.WriteStream) =>
    !plain && stream.isTTY && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  const painter = (stream: NodeJS.WriteStream) => {
    const isColoured = coloured(stream);
    return (paint: Paint, text: string) => (isColoured ? `\u001b[${paint}m${text}\u001b[0m` : text);
  };
  const paint = painter(errors);
  const say = (line: string) => void errors.write(`${line}\n`);
  return {
    isDebug: debug,
    isLive: !plain && errors.isTTY && environment['TERM'] !== 'dumb',
    columns: () => errors.columns || 80,
    write: (data) => void output.write(data),
    writeError: (text) => void errors.write(text),
    paint,
    paintData: painter(output),
    say,
    warn(message, location) {
      say(`${paint(Paint.Yellow, 'notice')}: ${message}`);
      if (location !== undefined) say(`  --> ${location}`);
    },
    fail(thrown) {
      say(formatFailure(thrown, { paint, debug }));
    },
  };
}
