/** What the kernel counted for a process (Linux's /proc). */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type BenchContext, pause } from './bench.js';

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

/** CPU seconds of a process and of all its descendants that live. */
export function treeCpuSeconds(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + treeCpuSeconds(child), cpuSeconds(pid));
}

/** Seconds that this machine's processors were idle since its start, summed. */
export function idleSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[1]);
}

/** The share of this machine's processors, 0..1, that was busy while `ms` passed. */
export async function busyShare(ms: number): Promise<number> {
  const [idleBefore, startedAt] = [idleSeconds(), performance.now()];
  await pause(ms);
  const possible = ((performance.now() - startedAt) / 1000) * availableParallelism();
  return Math.min(1, Math.max(0, 1 - (idleSeconds() - idleBefore) / possible));
}

/** What others may use of the machine while something is measured, as a share of all its processors. */
export const othersShareMax = 0.05;
const lookMs = 250;
const quietMsMax = { quick: 1_500, full: 30_000 };

/**
 * Waits until the machine is idle, so that nothing is measured beside other programs, nor beside a server's threads
 * that still spin after the round before. Bounded; says so when the machine stays busy.
 */
export async function untilQuiet({ isQuick, say }: BenchContext): Promise<void> {
  const until = performance.now() + (isQuick ? quietMsMax.quick : quietMsMax.full);
  for (;;) {
    const share = await busyShare(lookMs);
    if (share < othersShareMax) return;
    if (performance.now() < until) continue;
    say(`notice: other programs keep ${(share * 100).toFixed(0)} % of this machine busy`);
    return;
  }
}

/** Does the work and tells the share of the processors that others than `pid`, its descendants and we used. */
export async function watchOthers<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly othersShare: number }> {
  const ownSeconds = () => {
    const { user, system } = process.cpuUsage();
    return treeCpuSeconds(pid) + (user + system) / 1e6;
  };
  const before = { at: performance.now(), idle: idleSeconds(), own: ownSeconds() };
  const result = await work();
  const possible = ((performance.now() - before.at) / 1000) * availableParallelism();
  const used = possible - (idleSeconds() - before.idle);
  return { result, othersShare: Math.max(0, used - (ownSeconds() - before.own)) / possible };
}
