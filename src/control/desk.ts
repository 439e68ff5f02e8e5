/**
 * What the steps of a turn share: the state, the parts that control was given, and what the loop remembers between
 * turns without writing it down. Whatever is here and not in the state can be lost.
 */
import type { Clock } from '../contracts/clock.js';
import type { CopyObservation, Fleet, FleetSnapshot } from '../contracts/fleet.js';
import type { MetricStore } from '../contracts/metric-store.js';
import type { Random } from '../contracts/random.js';
import type { Log, Telemetry } from '../contracts/telemetry.js';
import type { HostMemory } from '../decide/reconcile/host-memory.js';
import type { Shortfall } from '../decide/reconcile/instances.js';
import type { EvictionLimits } from '../decide/scaling/eviction/situation.js';
import type { InstanceScalingLimits } from '../decide/scaling/instances/managed.js';
import type { ReconcileLimits } from '../decide/reconcile/limits.js';
import type { HeldCopies } from '../decide/reconcile/workload.js';
import type { CopyRef } from '../domain/copy.js';
import type { InstanceType } from '../domain/instance.js';
import type { Scope } from '../domain/scope.js';
import type { Agenda } from './agenda.js';
import type { CopyMemory } from './copy-memory.js';
import type { Runnables } from './runnables.js';
import type { State } from './state.js';

export interface ControlLimits extends ReconcileLimits, InstanceScalingLimits, EvictionLimits {
  /** Compute threads of a host at most; its cores by default. */
  readonly coresMax: number;
}

/** The key of a copy's record. */
export function keyOfCopy(copy: CopyRef): string {
  return `copy:${copy.id}#${copy.incarnation}`;
}

/** Copies that wait, and since when (the fleet's clock). */
export type Held = HeldCopies & { readonly since: number };
export type Short = Shortfall & { readonly since: number };

export interface Desk {
  readonly state: State;
  readonly agenda: Agenda;
  readonly copies: CopyMemory;
  readonly runnables: Runnables;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** What was measured: control writes it, alarms and scaling read it. */
  readonly metrics: MetricStore;
  readonly catalogue: ReadonlyMap<string, InstanceType>;
  readonly limits: ControlLimits;
  /** Copies of this scope have short names. */
  readonly home: Scope | null;
  /** Why copies of a workload wait, by `componentKey`. */
  readonly held: Map<string, readonly Held[]>;
  /** Workloads whose copies lack room, in this turn: those for whom room is made, and those who come after them. */
  readonly line: { readonly first: Set<string>; readonly behind: Set<string> };
  /** Instances that cannot be had, by `endpointKey`. */
  readonly shortfalls: Map<string, readonly Short[]>;
  /** When each host was seen last. */
  readonly hostSeenAt: Map<string, number>;
  /** Silence before this time is the observer's own. */
  observedSince: number;
  /** Set when the server ends: no copies are wanted any more, and a drain may last so long, milliseconds. */
  closingDrainMsMax: number | null;
}

/** Of one host, while it is being added up. */
export type MemoryCount = { -readonly [Member in keyof HostMemory]: HostMemory[Member] };

/** One turn's look at the fleet. */
export interface Turn {
  /** The fleet's clock, and the time that records are dated with. */
  readonly now: number;
  readonly wall: number;
  readonly snapshot: FleetSnapshot;
  /** By the key of the copy's record. */
  readonly seen: ReadonlyMap<string, CopyObservation>;
  /** Processes that no record asks for. */
  readonly strays: CopyRef[];
  /** Memory of the hosts; gathered when it is asked for first. */
  memory: ReadonlyMap<string, MemoryCount> | null;
}
