import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resources } from '../../domain/component.js';
import { WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { StowageError } from '../../domain/errors.js';
import type { CopyRecord } from '../../domain/record.js';
import type { HostMemory } from './host-memory.js';
import { reconcileCopies } from './reconcile.js';
import type { CopyDecision, PlannedCopy, Room, Workload, WorkloadTarget } from './workload.js';

const gibibyte = 1024 ** 3;
const crash = StowageError.of('RUN-301', { copy: 'chat-1', reason: 'it was killed' }).toData();

function resourcesOf(memory = 1): Resources {
  return {
    cpus: 1,
    memoryBytesMin: memory * gibibyte,
    memoryBytesMax: 0,
    accelerators: 0,
    acceleratorMemoryBytes: 0,
  };
}

function target(generation = 1, memory = 1, change: Partial<WorkloadTarget> = {}): WorkloadTarget {
  const resources = resourcesOf(memory);
  const { cpus, memoryBytesMin: memoryBytes, accelerators, acceleratorMemoryBytes } = resources;
  const requirements = [{ instanceType: null, cpus, memoryBytes, accelerators, acceleratorMemoryBytes }];
  return { generation, requirements, resources: [resources], pause: null, defect: null, ...change };
}

interface CopyWish {
  readonly id?: string;
  readonly incarnation?: number;
  readonly component?: string;
  readonly generation?: number;
  readonly instance?: string;
  readonly endpointGeneration?: number;
  readonly state?: CopyState;
  readonly wish?: CopyRecord['wish'];
  readonly place?: PlannedCopy['place'];
  readonly memory?: number;
}

function copy(wish: CopyWish = {}): PlannedCopy {
  const { id = 'chat-1', incarnation = 1, component = 'chat', generation = 1, instance = 'i-1' } = wish;
  return {
    record: {
      kind: 'copy',
      copy: { id, incarnation },
      component,
      generation,
      instance,
      endpointGeneration: wish.endpointGeneration ?? 1,
      resources: resourcesOf(wish.memory ?? 1),
      accelerators: [],
      state: wish.state ?? CopyState.Ready,
      since: 0,
      wish: wish.wish ?? 'run',
      reason: 'it was asked for',
    },
    zone: 'a',
    place: wish.place ?? 'steady',
  };
}

interface WorkloadWish extends Partial<Workload> {
  /** Copies wanted by generation, on the endpoint's generation 1. */
  readonly counts?: Readonly<Record<number, number>>;
}

function workload({ counts = { 1: 1 }, ...change }: WorkloadWish = {}): Workload {
  const generations = Object.keys(counts).map(Number);
  const wished = new Map(generations.map((generation) => [generation, counts[generation] ?? 0]));
  return {
    key: 'chat',
    kind: WorkloadKind.Component,
    variant: 'all',
    wishes: [{ endpointGeneration: 1, counts: wished }],
    targets: generations.map((generation) => target(generation)),
    copies: [],
    dismissal: null,
    strategy: 'SPREAD',
    zoneBalance: null,
    ...change,
  };
}

interface Place {
  readonly rooms?: readonly Partial<Room>[];
  readonly memory?: Partial<HostMemory>;
  /** Of another host. */
  readonly elsewhere?: Partial<HostMemory>;
}

function decide(
  workloads: readonly Workload[],
  { rooms = [{}], memory = {}, elsewhere = {} }: Place = {},
): CopyDecision {
  const residents = workloads
    .flatMap((one) => one.copies)
    .map(({ record }) => ({
      instance: record.instance,
      workload: record.wish === 'run' ? record.component : '',
      cpus: record.resources.cpus,
      memoryBytes: record.resources.memoryBytesMin,
      accelerators: record.accelerators,
    }));
  const whole = rooms.map((room): Room => {
    const instance = room.instance ?? 'i-1';
    return {
      instance,
      zone: 'a',
      type: 'local.small',
      variant: 'all',
      generation: 1,
      host: 'local',
      capacity: { cpus: 8, memoryBytes: 4 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 },
      residents: residents.filter((one) => one.instance === instance),
      ...room,
    };
  });
  const total = 64 * gibibyte;
  const host = { id: 'local', totalBytes: total, availableBytes: total, promisedBytes: 0, reservedBytes: 0 };
  const hosts = [
    { ...host, ...memory },
    { ...host, id: 'other', ...elsewhere },
  ];
  return reconcileCopies(workloads, { rooms: () => whole, memory: () => hosts });
}

/** `start 1 on i-1`, `drain chat-1#1`, `hold 2 CAP-106`. */
function short({ starts, steps, held }: CopyDecision): readonly string[] {
  return [
    ...steps.map((step) => `${step.kind} ${step.copy.copy.id}#${step.copy.copy.incarnation}`),
    ...starts.map((start) => `start ${start.generation} on ${start.instance}`),
    ...held.map((one) => `hold ${one.count} ${one.error?.code ?? ''}`),
  ];
}

const loading = { state: CopyState.Loading };
const next = { id: 'chat-2', incarnation: 2, generation: 2 };

describe('copies of a component', () => {
  it.each<[string, WorkloadWish, readonly string[]]>([
    ['that are missing are started', { counts: { 1: 2 }, copies: [copy()] }, ['start 1 on i-1']],
    ['are not started for zero copies', { counts: { 1: 0 } }, []],
    ['are left as they should be', { copies: [copy()] }, []],
    ['that come up are waited for', { copies: [copy(loading)] }, []],
    [
      'over the count are drained, the newest first',
      { copies: [copy(), copy({ id: 'chat-2' })] },
      ['drain chat-2#1'],
    ],
    [
      'over the count that are not ready end at once, before ready ones',
      { copies: [copy(), copy({ id: 'chat-2', ...loading })] },
      ['end chat-2#1'],
    ],
    [
      'that are dismissed are drained or ended, once',
      {
        dismissal: 'it is deleted',
        copies: [
          copy(),
          copy({ id: 'chat-2', ...loading }),
          copy({ id: 'chat-3', wish: 'drain' }),
          copy({ id: 'chat-4', wish: 'end' }),
        ],
      },
      ['drain chat-1#1', 'end chat-2#1'],
    ],
    [
      'of the new generation start beside the old',
      { counts: { 1: 1, 2: 1 }, copies: [copy()] },
      ['start 2 on i-1'],
    ],
    [
      'of a generation without target serve until its successor is ready',
      { counts: { 2: 1 }, copies: [copy(), copy({ ...next, ...loading })] },
      [],
    ],
    [
      'of a generation without target go when its successor is ready',
      { counts: { 2: 1 }, copies: [copy(), copy(next)] },
      ['drain chat-1#1'],
    ],
    [
      'of a generation without target that serve nobody go at once',
      { counts: { 2: 1 }, copies: [copy(loading), copy({ ...next, ...loading })] },
      ['end chat-1#1'],
    ],
    ['beside one that drains are started', { copies: [copy({ wish: 'drain' })] }, ['start 1 on i-1']],
    [
      'on an instance that is gone are ended',
      { copies: [copy({ place: 'lost' })] },
      ['end chat-1#1', 'start 1 on i-1'],
    ],
    [
      'on a generation of instances that is gone are drained',
      { copies: [copy(), copy({ id: 'chat-2', endpointGeneration: 7 })] },
      ['drain chat-2#1'],
    ],
    [
      'that failed wait for their time',
      { targets: [target(1, 1, { pause: { until: 9, reason: 'it failed 2 times', error: crash } })] },
      ['hold 1 RUN-301'],
    ],
    ['that can never start are held', { targets: [target(1, 1, { defect: crash })] }, ['hold 1 RUN-301']],
  ])('%s', (_name, wish, expected) => {
    expect(short(decide([workload(wish)]))).toEqual(expected);
  });

  it('on an instance that is retired move first and go then', () => {
    const rooms = [{ instance: 'i-2' }];
    const leaving = copy({ place: 'leaving' });
    expect(short(decide([workload({ copies: [leaving] })], { rooms }))).toEqual(['start 1 on i-2']);
    const comesUp = copy({ id: 'chat-2', instance: 'i-2', ...loading });
    expect(short(decide([workload({ copies: [leaving, comesUp] })], { rooms }))).toEqual([]);
    const isUp = copy({ id: 'chat-2', instance: 'i-2' });
    expect(short(decide([workload({ copies: [leaving, isUp] })], { rooms }))).toEqual(['drain chat-1#1']);
  });

  it('on an instance that is retired go one at a time where no other has room', () => {
    const copies = [copy({ place: 'leaving' }), copy({ id: 'chat-2', place: 'leaving' })];
    const decision = decide([workload({ counts: { 1: 2 }, copies })], { rooms: [] });
    expect(short(decision)).toEqual(['drain chat-1#1', 'hold 2 CAP-106']);
  });

  it('have their full number on each generation of instances', () => {
    const counts = new Map([[1, 1]]);
    const wishes = [1, 2].map((endpointGeneration) => ({ endpointGeneration, counts }));
    const rooms = [{ instance: 'i-1' }, { instance: 'i-2', generation: 2 }];
    expect(short(decide([workload({ wishes })], { rooms }))).toEqual(['start 1 on i-1', 'start 1 on i-2']);
    expect(short(decide([workload({ wishes, copies: [copy()] })], { rooms }))).toEqual(['start 1 on i-2']);
  });

  it('are given reasons', () => {
    const { steps, starts } = decide([
      workload({ counts: { 1: 0 }, copies: [copy()] }),
      workload({ key: 'new' }),
    ]);
    expect(steps.map((step) => step.reason)).toEqual(['chat wants 0']);
    expect(starts[0]!.reason).toMatch(/^new wants 1 of generation 1: ./);
  });
});

describe('room', () => {
  it('that is not there holds a copy with CAP-106', () => {
    const other = workload({ key: 'other', copies: [copy({ component: 'other', memory: 3 })] });
    const decision = decide([other, workload({ targets: [target(1, 2)] })]);
    expect(short(decision)).toEqual(['hold 1 CAP-106']);
    expect(decision.held[0]!.reason).toMatch(/^There is not enough hardware resources/);
  });

  it('is given out once', () => {
    const two = [workload({ targets: [target(1, 3)] }), workload({ key: 'b', targets: [target(1, 3)] })];
    expect(short(decide(two))).toEqual(['start 1 on i-1', 'hold 1 CAP-106']);
  });

  it('for both generations lacking, the old copies make it one after the other', () => {
    const old = (id: string, change: CopyWish = {}) => copy({ id, memory: 2, ...change });
    const both = { counts: { 1: 2, 2: 2 }, targets: [target(1, 2), target(2, 2)] };
    const decision = decide([workload({ ...both, copies: [old('chat-1'), old('chat-2')] })]);
    expect(short(decision)).toEqual(['drain chat-1#1', 'hold 2 CAP-106']);
    const goes = [old('chat-1', { wish: 'drain', state: CopyState.Draining }), old('chat-2')];
    expect(short(decide([workload({ ...both, copies: goes })]))).toEqual(['hold 2 CAP-106']);
    const gone = [old('chat-2')];
    expect(short(decide([workload({ ...both, copies: gone })]))).toEqual([
      'start 2 on i-1',
      'hold 1 CAP-106',
      'hold 1 CAP-106',
    ]);
  });

  it('that the old copies could not make is not made', () => {
    const targets = [target(1, 2), target(2, 5)];
    const decision = decide([workload({ counts: { 1: 1, 2: 1 }, targets, copies: [copy({ memory: 2 })] })]);
    expect(short(decision)).toEqual(['hold 1 CAP-106']);
  });

  it('held up for a new generation does not keep a crashed old copy from coming back', () => {
    const targets = [target(1, 2), target(2, 5)];
    expect(short(decide([workload({ counts: { 1: 1, 2: 1 }, targets })]))).toEqual([
      'start 1 on i-1',
      'hold 1 CAP-106',
    ]);
  });

  it('is for nobody while the memory measured to be free is too little', () => {
    const memory = { availableBytes: 3 * gibibyte, promisedBytes: 2.5 * gibibyte };
    const decision = decide([workload()], { memory });
    expect(short(decision)).toEqual(['hold 1 CAP-108']);
    expect(decision.held[0]!.reason).toBe(
      '`chat` needs 1024 MiB of memory, 512 MiB are free on local at this moment',
    );
  });

  it('is looked for on another host while the first one has too little memory', () => {
    const rooms = [
      { instance: 'i-1', host: 'local' },
      { instance: 'i-2', host: 'other' },
    ];
    const memory = { availableBytes: 1.5 * gibibyte };
    const four = workload({ counts: { 1: 4 } });
    expect(short(decide([four], { rooms, memory }))).toEqual([
      'start 1 on i-1',
      'start 1 on i-2',
      'start 1 on i-2',
      'start 1 on i-2',
    ]);
    const elsewhere = { availableBytes: 2.5 * gibibyte };
    expect(short(decide([four], { rooms, memory, elsewhere }))).toEqual([
      'start 1 on i-1',
      'start 1 on i-2',
      'start 1 on i-2',
      'hold 1 CAP-108',
    ]);
  });

  it('is for nobody when the reservations fill the host', () => {
    const memory = { totalBytes: 8 * gibibyte, reservedBytes: 7.5 * gibibyte };
    expect(short(decide([workload()], { memory }))).toEqual(['hold 1 CAP-108']);
  });
});

describe('a variant’s own model', () => {
  const model = (change: WorkloadWish = {}) =>
    workload({ kind: WorkloadKind.Variant, wishes: [], ...change });
  const rooms = [{ instance: 'i-1' }, { instance: 'i-2' }];

  it('has one copy on each instance, with all that the instance has', () => {
    const decision = decide([model()], { rooms });
    expect(short(decision)).toEqual(['start 1 on i-1', 'start 1 on i-2']);
    expect(decision.starts[0]!.resources.cpus).toBe(8);
    expect(short(decide([model({ copies: [copy()] })], { rooms }))).toEqual(['start 1 on i-2']);
  });

  it('waits until its predecessor has left the instance', () => {
    expect(short(decide([model({ copies: [copy({ wish: 'end' })] })]))).toEqual([]);
  });

  it('leaves an instance that is retired', () => {
    expect(short(decide([model({ copies: [copy({ place: 'leaving' })] })], { rooms: [] }))).toEqual([
      'drain chat-1#1',
    ]);
  });
});

describe('an obedient fleet', () => {
  const anyWorkloads = fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      count: fc.integer({ min: 0, max: 3 }),
      generation: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: (one) => one.key, minLength: 1 },
  );
  const anyCopies = fc.uniqueArray(
    fc.record({
      component: fc.constantFrom('a', 'b', 'c'),
      number: fc.integer({ min: 1, max: 5 }),
      generation: fc.integer({ min: 1, max: 3 }),
      instance: fc.constantFrom('i-1', 'i-2', 'i-9'),
      state: fc.constantFrom(CopyState.Starting, CopyState.Loading, CopyState.Ready),
      wish: fc.constantFrom('run' as const, 'drain' as const, 'end' as const),
    }),
    { selector: (one) => `${one.component}-${one.number}`, maxLength: 12 },
  );

  it('comes to exactly what is wanted, and then nothing more is asked of it', () => {
    fc.assert(
      fc.property(anyWorkloads, anyCopies, (wishes, found) => {
        let copies = found.map(({ number, ...rest }) =>
          copy({ ...rest, id: `${rest.component}-${number}`, place: placeOf(rest.instance), memory: 0.1 }),
        );
        const workloads = () =>
          ['a', 'b', 'c'].map((key) => {
            const wish = wishes.find((one) => one.key === key);
            const mine = copies.filter(({ record }) => record.component === key);
            if (wish === undefined) return workload({ key, copies: mine, dismissal: 'it is gone' });
            const counts = { [wish.generation]: wish.count };
            return workload({ key, counts, targets: [target(wish.generation, 0.1)], copies: mine });
          });
        const look = () => decide(workloads(), { rooms: [{ instance: 'i-1' }, { instance: 'i-2' }] });
        for (let turn = 0; turn < 8; turn++) copies = obey(copies, look(), turn);
        expect(short(look())).toEqual([]);
        const wanted = wishes.flatMap(({ key, count, generation }) =>
          Array.from({ length: count }, () => `${key} ${generation}`),
        );
        expect(copies.map(({ record }) => `${record.component} ${record.generation}`).sort()).toEqual(
          wanted.sort(),
        );
      }),
    );
  });

  function placeOf(instance: string): PlannedCopy['place'] {
    return instance === 'i-9' ? 'leaving' : 'steady';
  }

  /** What a fleet without faults makes of the decision, by the next turn. */
  function obey(
    copies: readonly PlannedCopy[],
    { steps, starts }: CopyDecision,
    turn: number,
  ): PlannedCopy[] {
    const told = new Map(steps.map((step) => [step.copy.copy.id, step.kind]));
    const rest = copies
      .map((one) => ({
        ...one,
        record: { ...one.record, wish: told.get(one.record.copy.id) ?? one.record.wish },
      }))
      .filter(({ record }) => record.wish === 'run')
      .map((one) => ({ ...one, record: { ...one.record, state: CopyState.Ready } }));
    const started = starts.map(({ workload: component, generation, instance }, index) =>
      copy({
        id: `${component}-${turn}-${index}`,
        component,
        generation,
        instance,
        memory: 0.1,
        state: CopyState.Starting,
      }),
    );
    return [...rest, ...started];
  }
});
