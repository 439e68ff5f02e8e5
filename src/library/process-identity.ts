/**
 * Names of processes that cannot be mistaken: a number is used again, so the time the process started goes with it.
 * Valid on one host and among processes that see the same process numbers.
 */
import { readFileSync } from 'node:fs';

const namePattern = /^(\d+)-(\d+)$/;
let own: string | null = null;

/** `PID-START` of this process. */
export function ownProcessName(): string {
  own ??= `${process.pid}-${startOf(process.pid) ?? 0}`;
  return own;
}

/** Whether the process of a `PID-START` still runs. */
export function isProcessAlive(name: string): boolean {
  const [, pid, start] = namePattern.exec(name) ?? [];
  if (pid === undefined || start === undefined) return false;
  if (name === ownProcessName()) return true;
  if (!answersSignals(Number(pid))) return false;
  if (start === '0') return true;
  const started = startOf(Number(pid));
  return started === null || String(started) === start;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks from boot to the start of a process; -1 for one that has ended, null where there is no /proc. */
function startOf(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold anything, also brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? -1 : Number(fields[19]);
  } catch {
    return null;
  }
}
