/**
 * What a copy needs, in whole numbers for one kind of room: thousandths of a core, bytes, millionths of a device. Whole
 * numbers, because ten tenths of a device must be one.
 */
import type { InstanceCapacity } from '../../domain/instance.js';
import type { PlacementRequest, PlacementRequirement } from './placement.js';

export const wholeCore = 1000;
export const wholeDevice = 1_000_000;

/** Rooms of one type and capacity: what a copy needs is the same on each. */
export interface RoomKind {
  readonly type: string;
  readonly capacity: InstanceCapacity;
}

/** Of a room: cores, memory, devices, memory of devices. */
export type Parts = readonly [number, number, number, number];

export interface Need {
  /** Index of the requirement that it comes from. */
  readonly requirement: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Whole devices; 0 = none, or a part of one. */
  readonly devices: number;
  /** Part of one device; 0 = none, or whole ones. */
  readonly share: number;
  /** On each device; 0 = none, or the devices have no memory of their own. */
  readonly deviceBytes: number;
  /** The same as parts of the room, each ≥ 0; above 1 = never. */
  readonly parts: Parts;
  /** The largest of them. */
  readonly size: number;
}

/** What a copy of the workload needs on that kind of room; null = it is not specified for the type. */
export function needOn({ requirements }: PlacementRequest, kind: RoomKind): Need | null {
  const exact = requirements.findIndex((one) => one.instanceType === kind.type);
  const index = exact >= 0 ? exact : requirements.findIndex((one) => one.instanceType === null);
  const requirement = requirements[index];
  return requirement === undefined ? null : toNeed(requirement, index, kind.capacity);
}

function toNeed(requirement: PlacementRequirement, index: number, capacity: InstanceCapacity): Need {
  const { accelerators, acceleratorMemoryBytes } = requirement;
  const devices = accelerators >= 1 ? Math.ceil(accelerators) : 0;
  const share = accelerators > 0 && devices === 0 ? toShare(accelerators) : 0;
  const cpus = Math.round(requirement.cpus * wholeCore);
  const deviceBytes = bytesOnDevice(devices, share, acceleratorMemoryBytes, capacity.acceleratorMemoryBytes);
  const used = devices + share / wholeDevice;
  const deviceCount = devices > 0 ? devices : share > 0 ? 1 : 0;
  const parts = [
    partOf(cpus, capacity.cpus * wholeCore),
    partOf(requirement.memoryBytes, capacity.memoryBytes),
    partOf(used, capacity.accelerators),
    partOf(deviceBytes * deviceCount, capacity.acceleratorMemoryBytes * capacity.accelerators),
  ] as const;
  const size = Math.max(...parts);
  return {
    requirement: index,
    cpus,
    memoryBytes: requirement.memoryBytes,
    devices,
    share,
    deviceBytes,
    parts,
    size,
  };
}

/** Millionths of a device. */
export function toShare(fraction: number): number {
  return Math.round(fraction * wholeDevice);
}

/** Whole devices are taken with all their memory; a slot without memory of its own takes any wish for it. */
function bytesOnDevice(devices: number, share: number, wished: number, capacity: number): number {
  if (capacity === 0 || devices + share === 0) return 0;
  if (devices > 0) return Math.max(wished, capacity);
  return wished > 0 ? wished : Math.floor((capacity * share) / wholeDevice);
}

function partOf(needed: number, capacity: number): number {
  return needed === 0 ? 0 : capacity === 0 ? Infinity : needed / capacity;
}
