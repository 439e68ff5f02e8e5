/**
 * Which process is which run: a worker's command line names its record, so a number that the system gave to another
 * process is never taken for it. Linux is asked at /proc, other systems with `ps`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** `ps` has this long, milliseconds. */
const psMsMax = 2_000;

/** True when the process lives and is the run of that record. One that only waits to be forgotten is gone. */
export function isRunOf(pid: number, record: string): boolean {
  return argumentsOf(pid).includes(record);
}

/** The process that runs a record, or null. */
export function findRunOf(record: string): number | null {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8', timeout: psMsMax });
    const line = stdout.split('\n').find((one) => one.endsWith(` ${record}`));
    return line === undefined ? null : Number.parseInt(line, 10);
  }
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && isRunOf(Number(name), record)) return Number(name);
  }
  return null;
}

/** Ends the run's process at once; nothing happens to any other. */
export function killRunOf(pid: number, record: string): void {
  if (!isRunOf(pid, record)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in this moment.
  }
}

function argumentsOf(pid: number): readonly string[] {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      return [];
    }
  }
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], {
    encoding: 'utf8',
    timeout: psMsMax,
  });
  return (stdout ?? '').trim().split(' ');
}
