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
    .filter(([total = NaN, free = NaN]) => total > 0 && free >= 0)
    .map(([total = 0, free = 0]) => ({
      memoryBytesTotal: total * mebibyte,
      memoryBytesAvailable: free * mebibyte,
    }));
}

function measureMemory(): Memory {
  const machine = { total: totalmem(), available: machineAvailable() };
  if (process.platform !== 'linux') return machine;
  const membership = readText('/proc/self/cgroup');
  return hierarchies
    .flatMap((hierarchy) => groupsOf(membership, hierarchy).map((folder) => groupMemory(folder, hierarchy)))
    .reduce(narrower, machine);
}

function narrower(a: Memory, b: Memory | null): Memory {
  if (b === null) return a;
  return { total: Math.min(a.total, b.total), available: Math.min(a.available, b.available) };
}

function machineAvailable(): number {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** How a version of Linux's control groups spells things. */
interface Hierarchy {
  readonly root: string;
  /** Of /proc/self/cgroup: the process' own group. */
  readonly membership: RegExp;
  readonly limit: string;
  readonly used: string;
  /** Of memory.stat: file pages that could be given back. */
  readonly files: RegExp;
}

const hierarchies: readonly Hierarchy[] = [
  {
    root: '/sys/fs/cgroup',
    membership: /^0::(.*)$/m,
    limit: 'memory.max',
    used: 'memory.current',
    files: /^inactive_file (\d+)$/m,
  },
  {
    root: '/sys/fs/cgroup/memory',
    membership: /^\d+:memory:(.*)$/m,
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    files: /^total_inactive_file (\d+)$/m,
  },
];

/** The process' control group and those above it, as folders. */
function groupsOf(membership: string, hierarchy: Hierarchy): readonly string[] {
  const own = hierarchy.membership.exec(membership)?.[1];
  if (own === undefined) return [];
  const folders = [hierarchy.root];
  for (let path = own; path !== '/' && path !== '.'; path = dirname(path))
    folders.push(join(hierarchy.root, path));
  return folders;
}

/** What a group may have and could take; null when it has no limit. */
function groupMemory(folder: string, { limit, used, files }: Hierarchy): Memory | null {
  const total = Number(readText(join(folder, limit)) || NaN);
  if (!Number.isFinite(total)) return null;
  const taken = Number(readText(join(folder, used)) || 0);
  const givenBack = Number(files.exec(readText(join(folder, 'memory.stat')))?.[1] ?? 0);
  return { total, available: Math.max(0, Math.min(total, total - taken + givenBack)) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
