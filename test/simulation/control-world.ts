/**
 * The real control loop over a simulated fleet of stub workers, on virtual time. Every table it publishes is
 * checked when it is published.
 */
import { createSimulatedFleet, type SimulatedFleet } from '../../src/adapters/fleet/simulated/fleet.js';
import type { FaultScript } from '../../src/adapters/fleet/simulated/faults.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { MemoryTelemetry } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { CopyObservation } from '../../src/contracts/fleet.js';
import type { CopyRoute, RouteTable } from '../../src/contracts/route-feed.js';
import type { WorkerLink } from '../../src/contracts/worker-link.js';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import { createControl, type ControlLimits } from '../../src/control/control.js';
import type { Control } from '../../src/control/facade.js';
import { RoutingStrategy, type Endpoint, type InferenceComponent } from '../../src/domain/component.js';
import { CopyState, sameCopy } from '../../src/domain/copy.js';
import { rememberingLog } from '../conformance/quiet-log.js';
import { startStubWorker } from '../conformance/stub-worker.js';
import { SeededRandom } from './seeded-random.js';
import { VirtualClock } from './virtual-clock.js';

export interface ControlWorldWishes {
  readonly seed?: number;
  readonly faults?: FaultScript;
  readonly limits?: Partial<ControlLimits>;
}

export class ControlWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly log = rememberingLog();
  readonly telemetry = new MemoryTelemetry();
  readonly network: MemoryNetwork;
  readonly fleet: SimulatedFleet;
  readonly control: Control;
  readonly tables: RouteTable[] = [];
  /** What a published table broke; must stay empty. */
  readonly violations: string[] = [];
  /** When each process was started, in order. */
  readonly startedAt: number[] = [];

  constructor(wishes: ControlWorldWishes = {}) {
    const { clock } = this;
    this.random = new SeededRandom(wishes.seed ?? 1);
    this.network = createMemoryNetwork({ clock, latencyMs: 1 });
    this.fleet = createSimulatedFleet({
      clock,
      network: this.network,
      startWorker: (assignment, host) => startStubWorker(assignment, { ...host, clock }),
      faults: (copy) => {
        this.startedAt.push(clock.now());
        const { faults } = wishes;
        return faults === undefined
          ? { startDelayMs: 10, isStartFailing: false, crashAfterMs: null, hangAfterMs: null }
          : faults(copy);
      },
    });
    this.control = createControl({
      fleet: this.fleet,
      clock,
      random: this.random,
      log: this.log,
      telemetry: this.telemetry,
      limits: { coresMax: 8, ...wishes.limits },
    });
    this.control.feed.onTable((table) => this.check(table));
  }

  want(...components: readonly InferenceComponent[]): void {
    const names = [...new Set(components.map((component) => component.endpoint))];
    const endpoints = names.map((name): Endpoint => {
      const mine = components.filter((component) => component.endpoint === name);
      return { name, routing: RoutingStrategy.LeastOutstandingRequests, components: mine };
    });
    this.control.setDesired(endpoints);
  }

  routes(): readonly CopyRoute[] {
    return this.control.feed.current().copies;
  }

  /** `id generation state` of every copy there is. */
  running(): readonly string[] {
    const { copies } = this.fleet.observe();
    return copies.map((seen) => `${seen.copy.id} ${seen.generation} ${seen.state}`).sort();
  }

  copy(id: string): CopyObservation {
    const found = this.fleet.observe().copies.filter((seen) => seen.copy.id === id);
    if (found.length !== 1) throw new Error(`${found.length} copies of ${id}`);
    return found[0]!;
  }

  /** Lets time pass until it is so; returns the milliseconds it took. */
  async until(isSo: () => boolean, msMax = 120_000): Promise<number> {
    const start = this.clock.now();
    while (!isSo()) {
      if (this.clock.now() - start > msMax)
        throw new Error(`still not so: ${JSON.stringify(this.control.explain())}`);
      await this.clock.pass(10);
    }
    return this.clock.now() - start;
  }

  /** Gives a copy one request that never ends by itself. */
  async occupy(id: string): Promise<WorkerLink> {
    const seen = this.copy(id);
    let isOpen = false;
    const link = this.network.dialer.dial(seen.address!, seen.copy, {
      onOpen: () => (isOpen = true),
      onMessage: () => undefined,
      onClose: () => undefined,
    });
    await this.until(() => isOpen);
    link.send({ type: 'submit', streams: [{ stream: 1, requestId: 'one' } as SubmittedStream] });
    return link;
  }

  private check(table: RouteTable): void {
    const before = this.tables.at(-1);
    this.tables.push(table);
    if (before !== undefined && table.revision <= before.revision)
      this.violations.push('revision did not rise');
    const { copies } = this.fleet.observe();
    for (const route of table.copies) {
      const name = `${route.copy.id}#${route.copy.incarnation}`;
      const seen = copies.find((one) => sameCopy(one.copy, route.copy));
      if (seen?.state !== CopyState.Ready) this.violations.push(`${name} is ${seen?.state ?? 'gone'}`);
      const newer = copies.find(
        (one) =>
          one.copy.id === route.copy.id &&
          one.copy.incarnation > route.copy.incarnation &&
          one.state === CopyState.Ready,
      );
      if (newer !== undefined) this.violations.push(`${name} is stale`);
      const last = before?.copies.find((one) => one.copy.id === route.copy.id);
      if (last !== undefined && last.copy.incarnation > route.copy.incarnation) {
        this.violations.push(`${name} came back`);
      }
    }
  }
}
