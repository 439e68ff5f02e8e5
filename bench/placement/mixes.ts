/** Made-up fleets and workloads for the placement bench: ten copies to an instance, the same ones in every run. */
import type {
  PlacementRequest,
  PlacementRequirement,
  PlacementRoom,
} from '../../src/decide/placement/place.js';
import type { InstanceCapacity } from '../../src/domain/instance.js';

const gibibyte = 2 ** 30;
const zones = ['a', 'b', 'c'];

export interface Mix {
  readonly name: string;
  readonly capacity: InstanceCapacity;
  /** Different workloads per 10,000 copies. */
  readonly workloads: number;
  /** One workload's needs; `draw` picks one of a list, always with the same luck. */
  shape(draw: <Item>(items: readonly Item[]) => Item): Omit<PlacementRequirement, 'instanceType'>;
}

const cpuMachine = { cpus: 48, memoryBytes: 192 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };
const gpuMachine = {
  cpus: 192,
  memoryBytes: 768 * gibibyte,
  accelerators: 8,
  acceleratorMemoryBytes: 24 * gibibyte,
};

function onCpu(cpus: number, memory: number) {
  return { cpus, memoryBytes: memory * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };
}

function quarters(from: number, to: number): readonly number[] {
  return Array.from({ length: (to - from) * 4 + 1 }, (_, index) => from + index / 4);
}

export const mixes: readonly Mix[] = [
  {
    name: 'GPU shares',
    capacity: gpuMachine,
    workloads: 500,
    shape: (draw) => ({
      cpus: draw([2, 4, 8, 12]),
      memoryBytes: draw([8, 16, 24, 32, 48]) * gibibyte,
      accelerators: draw([0.1, 0.2, 0.25, 0.25, 0.5, 0.5, 1, 1, 2]),
      acceleratorMemoryBytes: 0,
    }),
  },
  {
    name: 'GPU shares, memory drawn apart',
    capacity: gpuMachine,
    workloads: 500,
    shape: (draw) => {
      const accelerators = draw([0.1, 0.2, 0.25, 0.3, 0.5, 0.5, 1, 1, 2]);
      return {
        cpus: draw([2, 4, 8, 12, 16]),
        memoryBytes: draw([8, 16, 24, 48, 96]) * gibibyte,
        accelerators,
        acceleratorMemoryBytes: accelerators < 1 ? draw([2, 4, 6, 8, 12, 16]) * gibibyte : 0,
      };
    },
  },
  {
    name: 'cores and memory',
    capacity: cpuMachine,
    workloads: 500,
    shape: (draw) => onCpu(draw([1, 2, 3, 4, 6, 8, 10]), draw([2, 4, 8, 12, 16, 24, 32, 48])),
  },
  {
    name: 'cores against memory',
    capacity: cpuMachine,
    workloads: 500,
    shape: (draw) =>
      draw([true, false])
        ? onCpu(draw(quarters(1, 4)), draw([16, 20, 24, 32]))
        : onCpu(draw(quarters(4, 8)), draw([1, 2, 4, 6])),
  },
  {
    name: '10,000 different workloads',
    capacity: cpuMachine,
    workloads: 10_000,
    shape: (draw) => onCpu(draw(quarters(1, 9)), draw(quarters(2, 37))),
  },
];

export function requestsOf(
  mix: Mix,
  copies: number,
  kind: Pick<PlacementRequest, 'strategy' | 'zoneBalance'>,
): readonly PlacementRequest[] {
  const random = luck(7);
  const draw = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
  const workloads = Math.max(1, Math.round((mix.workloads * copies) / 10_000));
  return Array.from({ length: workloads }, (_, index) => ({
    ...kind,
    workload: `acct/region/endpoint/w${String(index).padStart(5, '0')}`,
    count: Math.floor(copies / workloads),
    requirements: [{ instanceType: null, ...mix.shape(draw) }],
  }));
}

export function emptyRooms({ capacity }: Mix, count: number): readonly PlacementRoom[] {
  return Array.from({ length: count }, (_, index) => ({
    instance: `i-${String(index).padStart(5, '0')}`,
    zone: zones[index % zones.length]!,
    type: 'local.bench',
    capacity,
    residents: [],
  }));
}

/**
 * Instances that no packing can do with less than: all that is needed over what an instance has, of whatever that is the
 * most of. The linear relaxation, in which copies may be cut in pieces, gives the same number.
 */
export function volumeBound(mix: Mix, requests: readonly PlacementRequest[]): number {
  return roundUp(volumeOf(mix, requests));
}

/** The same when each zone gets an equal part of the volume, and no instance belongs to two zones. */
export function evenZonesBound(mix: Mix, requests: readonly PlacementRequest[]): number {
  return zones.length * roundUp(volumeOf(mix, requests) / zones.length);
}

function roundUp(volume: number): number {
  return Math.ceil(volume - 1e-9);
}

/** In instances: the largest of cores, memory, devices and memory of devices. */
function volumeOf({ capacity }: Mix, requests: readonly PlacementRequest[]): number {
  const sum = (amountOf: (requirement: PlacementRequirement) => number) =>
    requests.reduce((total, { count, requirements }) => total + count * amountOf(requirements[0]!), 0);
  const { accelerators, acceleratorMemoryBytes } = capacity;
  const deviceMemory = (one: PlacementRequirement) =>
    one.accelerators < 1 && one.acceleratorMemoryBytes > 0
      ? one.acceleratorMemoryBytes
      : one.accelerators * acceleratorMemoryBytes;
  return Math.max(
    sum(({ cpus }) => cpus) / capacity.cpus,
    sum(({ memoryBytes }) => memoryBytes) / capacity.memoryBytes,
    accelerators === 0 ? 0 : sum((one) => one.accelerators) / accelerators,
    accelerators === 0 ? 0 : sum(deviceMemory) / (accelerators * acceleratorMemoryBytes),
  );
}

/** Numbers from 0 to 1 that look random: a linear congruence, Numerical Recipes' constants. */
function luck(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
