/** What every command is given: the terminal, the wanted format, the environment, a way to be interrupted. */
import type { OutputFormat } from './render.js';
import type { Terminal } from './terminal.js';

export interface Session {
  readonly terminal: Terminal;
  /** null when the caller named none. */
  readonly format: OutputFormat | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** False with `--no-input`, and where standard input is no terminal. */
  readonly mayAsk: boolean;
  /** Standard input, read as a whole. */
  readInput(): Promise<string>;
}
