/**
 * What is free in one instance while a plan is made. Changed in place by `take`; nothing is ever given back, so what does
 * not fit once does not fit later.
 */
import type { AcceleratorShare } from '../../domain/record.js';
import { type Need, type RoomKind, toShare, wholeCore, wholeDevice } from './needs.js';
import type { PlacementRoom } from './placement.js';

/** What is free of one device. */
export interface FreeDevice {
  readonly index: number;
  /** Millionths of it. */
  readonly share: number;
  readonly bytes: number;
}

export class FreeRoom {
  cpus: number;
  memoryBytes: number;
  /** Devices of which nothing is taken. */
  devices = 0;
  /** Free parts of all devices together, of the freest one with its free memory, and memory of all together. */
  shareSum = 0;
  shareMax = 0;
  bytesAtShareMax = 0;
  deviceBytesSum = 0;
  /** How full it is by what it is fullest of, 0..1; above 1 when more is reserved than there is. */
  fullness = 0;
  /** Copies by workload. */
  readonly copies = new Map<string, number>();
  private readonly shares: number[];
  private readonly deviceBytes: number[];

  constructor(
    readonly room: PlacementRoom,
    readonly kind: RoomKind,
    /** Its place in the order of ids. */
    readonly order: number,
  ) {
    const { capacity } = kind;
    this.cpus = Math.round(capacity.cpus * wholeCore);
    this.memoryBytes = capacity.memoryBytes;
    this.shares = new Array<number>(capacity.accelerators).fill(wholeDevice);
    this.deviceBytes = new Array<number>(capacity.accelerators).fill(capacity.acceleratorMemoryBytes);
    for (const resident of room.residents) {
      this.cpus -= Math.round(resident.cpus * wholeCore);
      this.memoryBytes -= resident.memoryBytes;
      for (const { index, share, memoryBytes } of resident.accelerators) {
        if (index >= this.shares.length) continue; // the instance has shrunk under it
        this.shares[index]! -= toShare(share);
        this.deviceBytes[index]! -= memoryBytes;
      }
      this.countUp(resident.workload);
    }
    this.measureDevices();
    this.measureFullness();
  }

  get isEmpty(): boolean {
    return this.copies.size === 0;
  }

  fits(need: Need): boolean {
    if (this.cpus < need.cpus || this.memoryBytes < need.memoryBytes) return false;
    if (need.devices > 0)
      return this.devices >= need.devices && need.deviceBytes <= this.kind.capacity.acceleratorMemoryBytes;
    if (need.share === 0) return true;
    if (this.shareMax < need.share) return false;
    return this.bytesAtShareMax >= need.deviceBytes || this.deviceFor(need) >= 0;
  }

  /** Reserves what a copy needs, which must fit, and says on which devices. A part goes to `device`, when one is named. */
  take(need: Need, workload: string, device: FreeDevice | null = null): AcceleratorShare[] {
    this.cpus -= need.cpus;
    this.memoryBytes -= need.memoryBytes;
    this.countUp(workload);
    const indexes = this.devicesFor(need, device);
    const part = need.devices > 0 ? wholeDevice : need.share;
    for (const index of indexes) {
      this.shares[index]! -= part;
      this.deviceBytes[index]! -= need.deviceBytes;
    }
    if (indexes.length > 0) this.measureDevices();
    this.measureFullness();
    return indexes.map((index) => ({ index, share: part / wholeDevice, memoryBytes: need.deviceBytes }));
  }

  /** What is free as parts of the room; of what it has none of, all is free. */
  partsFree(): [number, number, number, number] {
    const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes } = this.kind.capacity;
    return [
      partFree(this.cpus, cpus * wholeCore),
      partFree(this.memoryBytes, memoryBytes),
      partFree(this.shareSum, accelerators * wholeDevice),
      partFree(this.deviceBytesSum, accelerators * acceleratorMemoryBytes),
    ];
  }

  /** The first device that is shared already and has something left, but for the `closed` ones; null = none. */
  begunDevice(closed: ReadonlySet<number>): FreeDevice | null {
    for (let index = 0; index < this.shares.length; index++) {
      const share = this.shares[index]!;
      if (share <= 0 || this.isWhole(index) || closed.has(index)) continue;
      return { index, share, bytes: this.deviceBytes[index]! };
    }
    return null;
  }

  /** Bytes free on the freest device that has so much of itself free. */
  deviceBytesFreeBeside(share: number): number {
    return Math.max(0, ...this.deviceBytes.filter((_, index) => this.shares[index]! >= share));
  }

  private devicesFor(need: Need, device: FreeDevice | null): readonly number[] {
    if (need.devices > 0) return this.freeDevices(need.devices);
    if (need.share === 0) return [];
    return [device === null ? this.deviceFor(need) : device.index];
  }

  /** The device that is left with the least: fractions gather on few devices and leave the others whole; -1 = none. */
  private deviceFor({ share, deviceBytes }: Need): number {
    let best = -1;
    for (let index = 0; index < this.shares.length; index++) {
      const free = this.shares[index]!;
      if (free < share || this.deviceBytes[index]! < deviceBytes) continue;
      if (best < 0 || free < this.shares[best]!) best = index;
    }
    return best;
  }

  private freeDevices(count: number): number[] {
    const free: number[] = [];
    for (let index = 0; free.length < count; index++) if (this.isWhole(index)) free.push(index);
    return free;
  }

  private isWhole(index: number): boolean {
    const { acceleratorMemoryBytes } = this.kind.capacity;
    return this.shares[index] === wholeDevice && this.deviceBytes[index] === acceleratorMemoryBytes;
  }

  private countUp(workload: string): void {
    this.copies.set(workload, (this.copies.get(workload) ?? 0) + 1);
  }

  private measureDevices(): void {
    this.devices = 0;
    this.shareSum = 0;
    this.shareMax = -1;
    this.deviceBytesSum = 0;
    for (let index = 0; index < this.shares.length; index++) {
      const share = this.shares[index]!;
      this.shareSum += share;
      this.deviceBytesSum += this.deviceBytes[index]!;
      if (share > this.shareMax) {
        this.shareMax = share;
        this.bytesAtShareMax = this.deviceBytes[index]!;
      }
      if (this.isWhole(index)) this.devices += 1;
    }
  }

  private measureFullness(): void {
    this.fullness = 1 - Math.min(...this.partsFree());
  }
}

function partFree(free: number, capacity: number): number {
  return capacity === 0 ? 1 : free / capacity;
}

/** All instances as they are now, in the order of their ids. Instances of one type and capacity share a kind. */
export function freeRooms(rooms: readonly PlacementRoom[]): readonly FreeRoom[] {
  const kinds = new Map<string, RoomKind>();
  const sorted = [...rooms].sort((a, b) => (a.instance < b.instance ? -1 : a.instance > b.instance ? 1 : 0));
  return sorted.map((room, order) => {
    const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes } = room.capacity;
    const key = `${room.type} ${cpus} ${memoryBytes} ${accelerators} ${acceleratorMemoryBytes}`;
    let kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, (kind = { type: room.type, capacity: room.capacity }));
    return new FreeRoom(room, kind, order);
  });
}
