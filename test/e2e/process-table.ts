/** Processes of this machine, read from /proc: who lives, whose child it is, and what it runs. */
import { readFileSync, readdirSync } from 'node:fs';

/** One line of the process table. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** R, S, D, T (stopped), Z (ended and not yet waited for) … */
  readonly state: string;
}

/** The process, or null when it is gone or only waits to be forgotten. */
export function lookUp(pid: number): ProcessEntry | null {
  try {
    // pid (name) state parent …; the name may hold anything, so read from its last parenthesis.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === undefined || state === 'Z' ? null : { pid, parent: Number(parent), state };
  } catch {
    return null;
  }
}

/** Living processes with an argument in that folder or with its name, by pid. */
export function processesNaming(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => argumentsOf(pid).some((one) => one === folder || one.startsWith(`${folder}/`)))
    .filter((pid) => lookUp(pid) !== null)
    .sort((a, b) => a - b);
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** True when the process lives and its command line has the words. */
export function isRunning(pid: number, words: string): boolean {
  if (lookUp(pid) === null) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
  } catch {
    return false;
  }
}

/** Sends a signal; false when nobody was there to get it. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
