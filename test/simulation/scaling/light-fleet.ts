/**
 * Copies without processes and without messages: each is a state and the number of its requests. What a seed needs of a
 * fleet when a hundred thousand seeds are to run; test/simulation/whole has real workers.
 */
import type { CopyAssignment, CopyObservation, Fleet, FleetSnapshot } from '../../../src/contracts/fleet.js';
import { componentKey } from '../../../src/domain/component.js';
import { copyKey, type CopyRef, type CopyReport, CopyState } from '../../../src/domain/copy.js';
import type { ErrorData } from '../../../src/domain/errors.js';
import { StowageError } from '../../../src/domain/errors.js';
import type { VirtualClock } from '../virtual-clock.js';

const gibibyte = 1024 ** 3;

/** What becomes of a copy, drawn when it is asked for. Times in milliseconds. */
export interface CopyFate {
  readonly startMs: number;
  /** It ends instead of becoming ready. */
  readonly isStillborn: boolean;
  /** From its readiness; null = it lives. */
  readonly crashMs: number | null;
}

export interface LightFleetEvents {
  /** Its requests must go elsewhere. */
  readonly onDeath: (copy: CopyRef) => void;
  /** It was told to end while it had so many requests, so long after it was told to drain; null = it never was. */
  readonly onKilled: (copy: CopyRef, requests: number, drainedMs: number | null) => void;
}

interface LightCopy {
  readonly assignment: CopyAssignment;
  state: CopyState;
  since: number;
  requests: number;
  drainedAt: number | null;
  exit: ErrorData | null;
}

/** The machine: it goes on when the control process that watches it is killed. */
export class LightMachine {
  readonly copies = new Map<string, LightCopy>();
  starts = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly hosts: readonly { readonly id: string; readonly memoryBytes: number }[],
    private readonly fate: () => CopyFate,
    private readonly events: LightFleetEvents,
  ) {}

  start(assignment: CopyAssignment): void {
    const { copy } = assignment;
    const key = copyKey(copy);
    if (this.copies.has(key)) return;
    this.starts++;
    const { startMs, isStillborn, crashMs } = this.fate();
    const made: LightCopy = {
      assignment,
      state: CopyState.Starting,
      since: this.clock.now(),
      requests: 0,
      drainedAt: null,
      exit: null,
    };
    this.copies.set(key, made);
    this.clock.after(startMs, () => {
      if (this.copies.get(key) !== made || made.state !== CopyState.Starting) return;
      if (isStillborn) return this.die(made);
      this.become(made, CopyState.Ready);
      if (crashMs !== null) this.clock.after(crashMs, () => this.die(made));
    });
  }

  drain(copy: CopyRef): void {
    const found = this.copies.get(copyKey(copy));
    if (found === undefined || found.state !== CopyState.Ready) return;
    found.drainedAt = this.clock.now();
    this.become(found, CopyState.Draining);
  }

  remove(copy: CopyRef): void {
    const key = copyKey(copy);
    const found = this.copies.get(key);
    if (found === undefined) return;
    if (found.requests > 0 && found.state !== CopyState.Exited) {
      const drainedMs = found.drainedAt === null ? null : this.clock.now() - found.drainedAt;
      this.events.onKilled(copy, found.requests, drainedMs);
    }
    this.copies.delete(key);
    if (found.state !== CopyState.Exited) this.events.onDeath(copy);
    this.changed();
  }

  /** A request more or less. False when the copy takes none. */
  occupy(copy: CopyRef, change: 1 | -1): boolean {
    const found = this.copies.get(copyKey(copy));
    if (found === undefined || (change === 1 && !isServing(found.state))) return false;
    found.requests += change;
    if (change === -1 && found.requests === 0) this.changed();
    return true;
  }

  crashOne(pick: (count: number) => number): void {
    const alive = [...this.copies.values()].filter(({ state }) => state !== CopyState.Exited);
    if (alive.length > 0) this.die(alive[pick(alive.length)]!);
  }

  snapshot(): FleetSnapshot {
    const at = this.clock.now();
    const used = new Map<string, number>();
    for (const { assignment, state } of this.copies.values()) {
      if (state === CopyState.Exited) continue;
      const { host, component } = assignment;
      used.set(host, (used.get(host) ?? 0) + component.resources.memoryBytesMin);
    }
    const hosts = this.hosts.map(({ id, memoryBytes }) => ({
      id,
      zone: 'a',
      cpus: 16,
      memoryBytesTotal: memoryBytes,
      memoryBytesAvailable: memoryBytes - (used.get(id) ?? 0),
      accelerators: [],
    }));
    return { at, hosts, copies: [...this.copies.values()].map((copy) => observationOf(copy, at)) };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private die(copy: LightCopy): void {
    if (this.copies.get(copyKey(copy.assignment.copy)) !== copy || copy.state === CopyState.Exited) return;
    const reason = 'the seed says so';
    copy.exit = StowageError.of('RUN-301', { copy: copy.assignment.copy.id, reason }).toData();
    copy.requests = 0;
    this.events.onDeath(copy.assignment.copy);
    this.become(copy, CopyState.Exited);
  }

  private become(copy: LightCopy, state: CopyState): void {
    copy.state = state;
    copy.since = this.clock.now();
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function isServing(state: CopyState): boolean {
  // What was routed before a drain began still arrives.
  return state === CopyState.Ready || state === CopyState.Draining;
}

function observationOf({ assignment, state, since, requests, exit }: LightCopy, at: number): CopyObservation {
  const { copy, component, instance } = assignment;
  return {
    copy,
    component: componentKey(component),
    generation: component.generation,
    instance,
    state,
    since,
    address: isServing(state) ? `light:${copyKey(copy)}` : null,
    info: null,
    loading: null,
    report: reportOf(requests, at),
    adapters: [],
    heardAt: at,
    progressAt: at,
    pid: null,
    exit,
  };
}

function reportOf(running: number, at: number): CopyReport {
  return {
    running,
    waiting: 0,
    steps: at,
    slowestStepMs: 1,
    kvCellsUsed: 0,
    kvCellsTotal: 0,
    memoryBytes: gibibyte / 8,
    threads: 1,
    promptTokens: 0,
    generatedTokens: 0,
  };
}

/** What one control process sees of the machine; after `leave` it hears nothing more. */
export class LightFleet implements Fleet {
  readonly placement = 'ours';
  private hasLeft = false;
  private readonly subscriptions: (() => void)[] = [];

  constructor(private readonly machine: LightMachine) {}

  leave(): void {
    this.hasLeft = true;
    for (const stop of this.subscriptions) stop();
  }

  apply(assignment: CopyAssignment): void {
    if (!this.hasLeft) this.machine.start(assignment);
  }

  observe(): FleetSnapshot {
    return this.machine.snapshot();
  }

  drain(copy: CopyRef): void {
    if (!this.hasLeft) this.machine.drain(copy);
  }

  remove(copy: CopyRef): void {
    if (!this.hasLeft) this.machine.remove(copy);
  }

  sleep(): void {
    // nobody computes here
  }

  setThreads(): void {
    // nobody computes here
  }

  setAdapters(): void {
    // nobody computes here
  }

  async logs(): Promise<readonly string[]> {
    return [];
  }

  onChange(listener: () => void): () => void {
    const stop = this.machine.onChange(listener);
    this.subscriptions.push(stop);
    return stop;
  }
}
