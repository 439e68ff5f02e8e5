/**
 * This machine as a host of instances: what it has, and what processes could take of it now. A control group's
 * limits count as the machine's. Measured when asked, at most every `measureMs`; the accelerators in the background.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../contracts/clock.js';
import type { AcceleratorObservation, HostObservation } from '../../../contracts/fleet.js';

const hostId = 'local';
const measureMs = 100;
/** NVIDIA's program is asked so often, and has so long, milliseconds. */
const acceleratorsMs = 10_000;
const acceleratorsMsMax = 5_000;
const groupRoot = '/sys/fs/cgroup';
const mebibyte = 1024 * 1024;

interface Memory {
  readonly total: number;
  readonly available: number;
}

export class LocalHost {
  private measured: HostObservation | null = null;
  private measuredAt = -Infinity;
  private accelerators: readonly AcceleratorObservation[] = [];
  private stopAsking: () => void = () => undefined;
  /** Resolves when it is known which accelerators there are. */
  readonly asked: Promise<void>;
  private settleAsked: () => void = () => undefined;

  constructor(private readonly clock: Clock) {
    this.asked = new Promise((resolve) => (this.settleAsked = resolve));
    this.askForAccelerators();
  }

  observe(): HostObservation {
    const now = this.clock.now();
    if (this.measured === null || now - this.measuredAt >= measureMs) {
      const memory = measureMemory();
      this.measured = {
        id: hostId,
        zone: hostId,
        cpus: availableParallelism(),
        memoryBytesTotal: memory.total,
        memoryBytesAvailable: memory.available,
        accelerators: this.accelerators,
      };
      this.measuredAt = now;
    }
    return this.measured;
  }

  close(): void {
    this.stopAsking();
  }

  /** Where there is no such program there are no accelerators, and it is not asked again. */
  private askForAccelerators(): void {
    const query = ['--query-gpu=memory.total,memory.free', '--format=csv,noheader,nounits'];
    execFile('nvidia-smi', query, { timeout: acceleratorsMsMax }, (error, text) => {
      if (error === null) this.accelerators = readAccelerators(text);
      this.settleAsked();
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return;
      this.stopAsking = this.clock.after(acceleratorsMs, () => this.askForAccelerators());
    }).unref();
  }
}

/** Lines of `total, free` in MiB. */
export function readAccelerators(text: string): readonly AcceleratorObservation[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((part) => Number(part)))
    .filter((numbers) => numbers.length === 2 && numbers.every((number) => number > 0))
    .map(([total = 0, free = 0]) => ({
      memoryBytesTotal: total * mebibyte,
      memoryBytesAvailable: free * mebibyte,
    }));
}

function measureMemory(): Memory {
  const machine = { total: totalmem(), available: machineAvailable() };
  if (process.platform !== 'linux') return machine;
  return groupsOf(readText('/proc/self/cgroup')).map(groupMemory).reduce(narrower, machine);
}

function narrower(a: Memory, b: Memory | null): Memory {
  if (b === null) return a;
  return { total: Math.min(a.total, b.total), available: Math.min(a.available, b.available) };
}

function machineAvailable(): number {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** The process' control group and those above it, as folders. */
function groupsOf(text: string): readonly string[] {
  const own = /^0::(.*)$/m.exec(text)?.[1];
  if (own === undefined) return [];
  const folders = [groupRoot];
  for (let path = own; path !== '/' && path !== '.'; path = dirname(path))
    folders.push(join(groupRoot, path));
  return folders;
}

/** What a group may have and could take; null when it has no limit. File pages that it could give back are free. */
function groupMemory(folder: string): Memory | null {
  const limit = Number(readText(join(folder, 'memory.max')) || NaN);
  if (!Number.isFinite(limit)) return null;
  const used = Number(readText(join(folder, 'memory.current')) || 0);
  const files = /^inactive_file (\d+)$/m.exec(readText(join(folder, 'memory.stat')))?.[1];
  return { total: limit, available: Math.max(0, Math.min(limit, limit - used + Number(files ?? 0))) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
