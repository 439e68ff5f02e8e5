/** What the kernel counted for a process (Linux's /proc). */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pause } from './bench.js';

/** The kernel's unit of CPU time towards programs; the same on all of Linux. */
const ticksPerSecond = 100;

/** CPU seconds of all its threads since its start, in steps of 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from the third field on
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory it ever had resident, MiB. */
export function peakMemoryMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024;
}

/** Process ids of its children. */
export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

/** The share of this machine's processors, 0..1, that was busy while `ms` passed. */
export async function busyShare(ms: number): Promise<number> {
  const idleSeconds = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[1]);
  const [idleBefore, startedAt] = [idleSeconds(), performance.now()];
  await pause(ms);
  const possible = ((performance.now() - startedAt) / 1000) * availableParallelism();
  return Math.min(1, Math.max(0, 1 - (idleSeconds() - idleBefore) / possible));
}
