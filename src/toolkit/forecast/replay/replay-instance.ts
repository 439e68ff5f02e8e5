/** Instances and copies in the replay: what is where, what it holds, and what it computes with. */
import type { PlacementRequirement, PlacementRoom } from '../../../decide/placement/placement.js';
import type { AcceleratorShare } from '../../../domain/record.js';
import { ColdRung, type ServiceProfile } from '../../../domain/service-profile.js';
import type { ForecastInstanceType, ForecastPool } from '../forecast-input.js';
import type { CopyEngine, Device } from './copy-engine.js';

/** Weights that nobody read for so long may have left the page cache, milliseconds. */
const pageCacheMs = 15 * 60_000;

export interface ReplayInstance {
  readonly id: string;
  readonly type: ForecastInstanceType;
  readonly zone: string;
  state: 'starting' | 'ready' | 'gone';
  readonly createdAt: number;
  readonly copies: Set<ReplayCopy>;
  /** Since when it has no copy; null = it has one. */
  emptySince: number | null;
  /** By index of the accelerator. */
  readonly devices: readonly Device[];
  /** When a component's weights were in use there last. */
  readonly files: Map<number, number>;
}

/** Requests in a copy beside those it computes, so that it never waits for the next: as serving hands over. */
export function placesOf(sequencesMax: number): number {
  return sequencesMax + Math.ceil(sequencesMax / 4);
}

export interface ReplayCopy {
  readonly id: string;
  /** Index of the component. */
  readonly component: number;
  readonly instance: ReplayInstance;
  readonly requirement: PlacementRequirement;
  readonly accelerators: readonly AcceleratorShare[];
  readonly capacity: number;
  readonly engine: CopyEngine;
  outstanding: number;
  /** When it came up, and when it had its last request. */
  readyAt: number;
  usedAt: number;
  /** It stays until as many others of its component are ready, because its instance goes. */
  isLeaving: boolean;
  state: 'starting' | 'ready' | 'draining' | 'gone';
  /** One of its requests has left it. */
  onRelease(): void;
}

export function roomOf(instance: ReplayInstance, workloadOf: (component: number) => string): PlacementRoom {
  return {
    instance: instance.id,
    zone: instance.zone,
    type: instance.type.name,
    capacity: instance.type.capacity,
    residents: [...instance.copies].map(({ component, requirement, accelerators }) => ({
      workload: workloadOf(component),
      cpus: requirement.cpus,
      memoryBytes: requirement.memoryBytes,
      accelerators,
    })),
  };
}

/** A device of its own, or the machine that all share. */
export function newDevice(isShared: boolean): Device {
  return { busy: 0, isShared, slowdown: (busy) => Math.max(1, busy) };
}

/** Where a component's weights are, seen from an instance, and how long a copy takes to come up from there. */
export function coldStartOf(
  files: ReadonlyMap<number, number>,
  component: number,
  { coldStartMs }: ServiceProfile,
  { hasFiles }: ForecastPool,
  now: number,
): { readonly rung: ColdRung; readonly ms: number } {
  const usedAt = files.get(component);
  const isFresh = usedAt !== undefined && now - usedAt <= pageCacheMs;
  const rung = isFresh
    ? ColdRung.PageCache
    : usedAt !== undefined || hasFiles
      ? ColdRung.Disk
      : ColdRung.Remote;
  return { rung, ms: rungMs(coldStartMs, rung) };
}

/** What is not known counts as the next slower one that is, else as the slowest that is. */
function rungMs(times: ServiceProfile['coldStartMs'], rung: ColdRung): number {
  const order = Object.values(ColdRung);
  const slower = order.slice(order.indexOf(rung)).find((one) => times[one] !== null);
  const known = slower ?? order.toReversed().find((one) => times[one] !== null);
  return known === undefined ? 0 : (times[known] ?? 0);
}
