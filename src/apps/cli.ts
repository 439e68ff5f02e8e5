/**
 * `stowage`: one process per command. Reads the command line, runs one verb, and ends with its exit code.
 * Whatever is thrown is printed as an error of the table; nothing else reaches the terminal unasked.
 */
import { CommanderError } from 'commander';
import { ExitCode, exitCodeOf } from './cli/exit-code.js';
import { buildProgram } from './cli/program.js';
import type { OutputFormat } from './cli/render.js';
import type { Session } from './cli/session.js';
import { openTerminal } from './cli/terminal.js';
import type { Terminal } from './cli/terminal.js';
import { isHelpEnd, usageError } from './cli/usage.js';

/** Bytes of standard input that are read at most. */
const inputBytesMax = 16 * 1024 * 1024;

/** Runs `stowage WORDS…` and sets the process's exit code. Never rejects. */
export async function main(words: readonly string[]): Promise<void> {
  leaveWhenNobodyReads(process.stdout);
  leaveWhenNobodyReads(process.stderr);
  // Flags that shape errors must count before the command line is understood.
  const terminal = openTerminal({
    plain: words.includes('--plain'),
    debug: words.includes('--debug'),
    environment: process.env,
    output: process.stdout,
    errors: process.stderr,
  });
  const program = buildProgram(
    () => openSession(terminal, program.opts()),
    (code) => {
      process.exitCode = code;
    },
  );
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((verb) => verb.commands),
  ]) {
    command.exitOverride().configureOutput({ outputError: () => {}, writeErr: () => {} });
  }
  try {
    await program.parseAsync(['node', 'stowage', ...words]);
  } catch (thrown) {
    if (thrown instanceof CommanderError && isHelpEnd(thrown)) return;
    const error = thrown instanceof CommanderError ? usageError(thrown, program, words) : thrown;
    terminal.fail(error);
    process.exitCode = exitCodeOf(error);
  }
}

function openSession(terminal: Terminal, flags: { output?: OutputFormat; input?: boolean }): Session {
  return {
    terminal,
    format: flags.output ?? null,
    environment: process.env,
    mayAsk: flags.input !== false && process.stdin.isTTY,
    readInput,
  };
}

async function readInput(): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > inputBytesMax) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `stowage … | head` is no failure. */
function leaveWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? ExitCode.Ok);
  });
}

await main(process.argv.slice(2));
