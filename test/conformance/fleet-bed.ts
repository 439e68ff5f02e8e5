/**
 * What the suites of fleets stand on: a fleet of real processes or a simulated one, time for it, and a way to look at
 * its copies until something is so. Every copy of a bed is ended with it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import {
  createLocalProcessFleet,
  type LocalProcessFleet,
  type LocalProcessFleetParts,
} from '../../src/adapters/fleet/local-process/fleet.js';
import { createSimulatedFleet } from '../../src/adapters/fleet/simulated/fleet.js';
import { SimulatedMachine, type SimulatedMachineParts } from '../../src/adapters/fleet/simulated/machine.js';
import { createMemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { createSocketDialer } from '../../src/adapters/link/unix-socket/dialer.js';
import type { LibrarySettings } from '../../src/contracts/artifacts.js';
import type { CopyObservation, Fleet } from '../../src/contracts/fleet.js';
import type { WorkerDialer, WorkerLink } from '../../src/contracts/worker-link.js';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import type { CopyRef, CopyState } from '../../src/domain/copy.js';
import { sameCopy } from '../../src/domain/copy.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { rememberingLog } from './quiet-log.js';
import { startStubWorker } from './stub-worker.js';

const waitMsMax = 10_000;
const stepMs = 10;

/** A fleet, and what makes the next one over the same machine. */
export interface Machine<Opened extends Fleet = Fleet> {
  open(): Opened & { close(): Promise<void>; leave(): void };
  readonly dialer: WorkerDialer;
  now(): number;
  /** Lets a little time pass. */
  pass(): Promise<void>;
  hang(seen: CopyObservation): void;
}

/** No incarnation is ever used twice, also not by tests that share a folder. */
let lastIncarnation = 0;

export class Bed<Opened extends Fleet = Fleet> {
  fleet: ReturnType<Machine<Opened>['open']>;
  readonly copy: CopyRef;
  private readonly links: WorkerLink[] = [];

  constructor(readonly machine: Machine<Opened>) {
    this.copy = { id: 'inline-1', incarnation: (lastIncarnation += 10) };
    this.fleet = machine.open();
  }

  /** As after a restart: another fleet over what the one before left. */
  reopen(): void {
    this.fleet.leave();
    this.fleet = this.machine.open();
  }

  readonly find = (ref = this.copy) => this.fleet.observe().copies.find((seen) => sameCopy(seen.copy, ref));

  readonly until = async <Value>(look: () => Value | null | undefined | false): Promise<Value> => {
    const end = this.machine.now() + waitMsMax;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      if (this.machine.now() > end) throw new Error(`still not so: ${JSON.stringify(this.fleet.observe())}`);
      await this.machine.pass();
    }
  };

  readonly untilState = (state: CopyState, ref = this.copy) =>
    this.until(() => {
      const seen = this.find(ref);
      return seen?.state === state ? seen : null;
    });

  dial(address: string, copy: CopyRef, onOpen: () => void, onClose: (why: string) => void): WorkerLink {
    const link = this.machine.dialer.dial(address, copy, { onOpen, onMessage: () => undefined, onClose });
    this.links.push(link);
    return link;
  }

  async submit(seen: CopyObservation, requestId: string): Promise<WorkerLink> {
    let isOpen = false;
    const link = this.dial(
      seen.address!,
      seen.copy,
      () => (isOpen = true),
      () => undefined,
    );
    await this.until(() => isOpen);
    link.send({ type: 'submit', streams: [{ stream: 1, requestId } as SubmittedStream] });
    return link;
  }

  async close(): Promise<void> {
    for (const link of this.links) link.close();
    await this.fleet.close();
  }
}

/** Real processes over one folder for all tests of a file, which is removed at the end. */
export class ProcessFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'fleet-test-'));
  readonly log = rememberingLog();
  private readonly workerPath = join(this.path, 'stub-worker.mjs');

  constructor() {
    beforeAll(() => buildStubWorker(this.workerPath));
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  open(parts: Partial<LocalProcessFleetParts> = {}): LocalProcessFleet {
    const library: LibrarySettings = {
      ...{ folder: this.path, bytesMax: 0, downloadBytesMax: 0, allowHosts: [] },
      ...{ objectServers: [], huggingFace: null },
    };
    const { log, workerPath } = this;
    const environment = { ...process.env, STOWAGE_SECRET: 'hidden' };
    const dialer = createSocketDialer({ clock: systemClock });
    const own = { log, workerPath, environment, dialer, library };
    return createLocalProcessFleet({ ...own, clock: systemClock, dataFolder: this.path, ...parts });
  }

  machine(): Machine<LocalProcessFleet> {
    return {
      open: () => this.open(),
      dialer: createSocketDialer({ clock: systemClock }),
      now: () => systemClock.now(),
      pass: () => new Promise((resolve) => systemClock.after(stepMs, resolve)),
      hang: (seen) => void process.kill(seen.pid!, 'SIGSTOP'),
    };
  }
}

export function simulatedMachine(
  wishes: Partial<SimulatedMachineParts> = {},
): Machine & { readonly machine: SimulatedMachine } {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latencyMs: 1 });
  const machine = new SimulatedMachine({
    clock,
    network,
    startWorker: (assignment, host) => startStubWorker(assignment, { ...host, clock }),
    ...wishes,
  });
  return {
    machine,
    open: () => createSimulatedFleet(machine),
    dialer: network.dialer,
    now: () => clock.now(),
    pass: () => clock.pass(stepMs),
    hang: (seen) => machine.hang(seen.copy),
  };
}

async function buildStubWorker(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'stub-worker-main.ts')],
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', outfile, logLevel: 'error' },
  });
}
