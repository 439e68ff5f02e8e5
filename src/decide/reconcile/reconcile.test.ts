import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultComponentOptions, type InferenceComponent } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { StowageError } from '../../domain/errors.js';
import { emptyHistory, forgetOld, recordFailure, restartDelayMs } from './history.js';
import type { Action, History, ObservedCopy, ReconcileLimits } from './observed.js';
import { reconcileLimits as limits } from './observed.js';
import { reconcile } from './reconcile.js';
import { slotsOf } from './slots.js';

const gibibyte = 1024 ** 3;

function component(
  change: Partial<InferenceComponent> & { min?: number; memory?: number } = {},
): InferenceComponent {
  const { min = 1, memory = 0, ...rest } = change;
  return {
    endpoint: 'e',
    name: 'chat',
    generation: 1,
    model: { path: '/m.gguf' },
    engine: 'simulated',
    resources: { cpus: 1, memoryBytesMax: memory },
    copies: { min, max: Math.max(min, 1) },
    options: {
      ...defaultComponentOptions,
      rollingBatchSizeMax: 4,
      jobQueueLengthMax: 10,
      stepTokensMax: 64,
      predictSecondsMax: 60,
      newTokensDefault: 16,
    },
    ...rest,
  };
}

function copy(change: Partial<ObservedCopy> & { id?: string; incarnation?: number } = {}): ObservedCopy {
  const { id = 'chat-1', incarnation = 1, ...rest } = change;
  return {
    copy: { id, incarnation },
    component: 'e/chat',
    generation: 1,
    state: CopyState.Ready,
    since: 0,
    report: { running: 0, waiting: 0, slowestStepMs: 0 },
    heardAt: 100_000,
    progressAt: 100_000,
    memoryBytesMax: 0,
    drainMsMax: 60_000,
    isRemoving: false,
    ...rest,
  };
}

const now = 100_000;
const decide = (
  desired: readonly InferenceComponent[],
  copies: readonly ObservedCopy[],
  history: History = emptyHistory,
  changed: Partial<ReconcileLimits> = {},
) => reconcile(desired, copies, history, now, { ...limits, ...changed });

function short(action: Action): string {
  return action.kind === 'start'
    ? `start ${action.id}`
    : `${action.kind} ${action.copy.id}#${action.copy.incarnation}`;
}
const crash = StowageError.of('RUN-301', { copy: 'chat-1', reason: 'it was killed' }).toData();

describe('reconcile', () => {
  const draining = { state: CopyState.Draining, since: now - 10_000 };
  it.each<[string, readonly InferenceComponent[], readonly ObservedCopy[], readonly string[]]>([
    ['starts every copy that is missing', [component({ min: 2 })], [copy()], ['start chat-2']],
    ['starts nothing for zero copies', [component({ min: 0 })], [], []],
    ['leaves what is as it should be', [component()], [copy()], []],
    ['waits for a copy that starts', [component()], [copy({ state: CopyState.Starting, since: now })], []],
    ['drains a copy over the count', [component()], [copy(), copy({ id: 'chat-2' })], ['drain chat-2#1']],
    ['drains the copies of a component that is gone', [], [copy()], ['drain chat-1#1']],
    [
      'ends a copy that is not wanted and not ready at once',
      [],
      [copy({ state: CopyState.Loading, since: now })],
      ['remove chat-1#1'],
    ],
    ['starts the new generation beside the old', [component({ generation: 2 })], [copy()], ['start chat-1']],
    [
      'keeps the old generation while the new one loads',
      [component({ generation: 2 })],
      [copy(), copy({ incarnation: 2, generation: 2, state: CopyState.Loading, since: now })],
      [],
    ],
    [
      'drains the old generation once the new one is ready',
      [component({ generation: 2 })],
      [copy(), copy({ incarnation: 2, generation: 2 })],
      ['drain chat-1#1'],
    ],
    [
      'removes and replaces what has ended',
      [component()],
      [copy({ state: CopyState.Exited })],
      ['remove chat-1#1', 'start chat-1'],
    ],
    [
      'repeats a removal and starts the next beside it',
      [component()],
      [copy({ isRemoving: true })],
      ['remove chat-1#1', 'start chat-1'],
    ],
    ['removes a drained copy', [], [copy(draining)], ['remove chat-1#1']],
    [
      'leaves a draining copy its requests',
      [],
      [copy({ ...draining, report: { running: 1, waiting: 0, slowestStepMs: 0 }, progressAt: now })],
      [],
    ],
    [
      'does not believe a report from before the drain',
      [],
      [copy({ ...draining, since: now - 2_000, heardAt: now - 2_001 })],
      [],
    ],
    [
      'removes a draining copy with requests at its deadline',
      [],
      [
        copy({
          ...draining,
          drainMsMax: 10_000,
          report: { running: 1, waiting: 0, slowestStepMs: 0 },
          progressAt: now,
        }),
      ],
      ['remove chat-1#1'],
    ],
    [
      'starts a copy beside one that drains',
      [component()],
      [copy({ ...draining, since: now })],
      ['start chat-1'],
    ],
  ])('%s', (_name, desired, copies, expected) => {
    expect(decide(desired, copies).actions.map(short)).toEqual(expected);
  });

  it('gives each action a reason', () => {
    const { actions } = decide(
      [component({ generation: 2 }), component({ name: 'new' })],
      [copy(), copy({ incarnation: 2, generation: 2 }), copy({ id: 'chat-9' })],
    );
    expect(actions.map((action) => action.reason)).toEqual([
      'nothing asks for it any more',
      'chat-1#2 has taken its place',
      'e/new wants 1',
    ]);
  });
});

describe('liveness', () => {
  it.each<[string, Partial<ObservedCopy>, boolean]>([
    ['a ready copy that was heard 4.9 s ago lives', { heardAt: now - 4_900 }, false],
    ['a ready copy that was heard 5 s ago hangs', { heardAt: now - 5_000 }, true],
    [
      'a copy with work and no step for 60 s hangs',
      { report: { running: 0, waiting: 1, slowestStepMs: 0 }, progressAt: now - 60_000 },
      true,
    ],
    [
      'a copy whose steps take 100 ms and that made none for 8 s hangs',
      { report: { running: 1, waiting: 0, slowestStepMs: 100 }, progressAt: now - 8_000 },
      true,
    ],
    [
      'a copy whose steps take 2 s is given 40 s for one',
      { report: { running: 1, waiting: 0, slowestStepMs: 2_000 }, progressAt: now - 39_000 },
      false,
    ],
    ['a copy without work needs no steps', { progressAt: now - 90_000 }, false],
    ['a copy may load for minutes', { state: CopyState.Loading, since: now - 90_000, heardAt: 0 }, false],
    ['a process that never answers hangs', { state: CopyState.Starting, since: now - 30_000 }, true],
    [
      'a draining copy hangs like any other',
      { state: CopyState.Draining, since: now, heardAt: now - 5_000 },
      true,
    ],
  ])('%s', (_name, change, isHung) => {
    const { actions } = decide([component()], [copy(change)]);
    const removal = actions.find((action) => action.kind === 'remove');
    expect(removal?.error?.code ?? null).toBe(isHung ? 'RUN-303' : null);
  });

  it('is not judged by a time in which the observer did not look', () => {
    const silent = copy({ heardAt: now - 20_000 });
    const awake = { ...emptyHistory, observedSince: now - 4_000 };
    const decision = decide([component()], [silent], awake);
    expect(decision.actions).toEqual([]);
    expect(decision.lookAgainAt).toBe(now + 1_000);
  });
});

describe('restarts', () => {
  const failed = (times: number): History => {
    let history = emptyHistory;
    for (let count = 0; count < times; count++) {
      history = recordFailure(history, { id: 'chat-1', generation: 1, error: crash }, now, 0, limits);
    }
    return history;
  };

  it('come at once the first time, then wait 0.5 s and twice as long each time up to 30 s', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((failures) => restartDelayMs(failures, 0, limits));
    expect(delays).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('are spread by chance over the last fifth of the wait', () => {
    expect(restartDelayMs(3, 0.5, limits)).toBe(900);
  });

  it('wait with the reason held against the slot', () => {
    const decision = decide([component()], [], failed(3));
    expect(decision.actions).toEqual([]);
    expect(decision.lookAgainAt).toBe(now + 1_000);
    expect(decision.held).toEqual([
      {
        id: 'chat-1',
        component: 'e/chat',
        reason: 'it failed 3 times in a row: copy chat-1 exited: it was killed',
        until: now + 1_000,
        error: crash,
      },
    ]);
  });

  it('of a new generation do not wait for the failures of the old', () => {
    expect(decide([component({ generation: 2 })], [], failed(5)).actions.map(short)).toEqual([
      'start chat-1',
    ]);
  });

  it('are not put off by a failure of a generation already replaced', () => {
    const history = recordFailure(failed(1), { id: 'chat-1', generation: 0, error: crash }, now, 0, limits);
    expect(history.slots.get('chat-1')?.generation).toBe(1);
  });

  it('forget failures after 60 s of readiness and not before', () => {
    const wanted = new Set(['chat-1']);
    const at = (since: number) => forgetOld(failed(2), wanted, [copy({ since })], now, limits).slots.size;
    expect(at(now - 60_000)).toBe(0);
    expect(at(now - 59_999)).toBe(1);
    expect(forgetOld(failed(2), new Set(), [], now, limits).slots.size).toBe(0);
  });
});

describe('memory', () => {
  const machine = { memoryBytesTotal: 4 * gibibyte };
  const three = (change: Partial<InferenceComponent> = {}) => component({ memory: 3 * gibibyte, ...change });

  it('that is not there holds a copy with CAP-102', () => {
    const running = copy({ id: 'other-1', component: 'e/other', memoryBytesMax: 2 * gibibyte });
    const other = component({ name: 'other', memory: 2 * gibibyte });
    const { actions, held } = decide([other, three()], [running], emptyHistory, machine);
    expect(actions).toEqual([]);
    expect(held.map((slot) => slot.error?.message)).toEqual([
      '`e/chat` needs 3072 MiB of memory; the largest free block is 2048 MiB of memory',
    ]);
  });

  it('is promised once, in the order of the configuration', () => {
    const { actions, held } = decide([three(), three({ name: 'b' })], [], emptyHistory, machine);
    expect(actions.map(short)).toEqual(['start chat-1']);
    expect(held.map((slot) => slot.id)).toEqual(['b-1']);
  });

  it('for both generations lacking, the old copies make room one after the other', () => {
    const desired = [component({ memory: 2 * gibibyte, min: 2, generation: 2 })];
    const old = (id: string) => copy({ id, memoryBytesMax: 2 * gibibyte });
    const { actions } = decide(desired, [old('chat-1'), old('chat-2')], emptyHistory, machine);
    expect(actions.map(short)).toEqual(['drain chat-1#1']);
    const gone = { ...old('chat-1'), state: CopyState.Draining, since: now };
    expect(decide(desired, [gone, old('chat-2')], emptyHistory, machine).actions).toEqual([]);
  });

  it('of unknown size is not checked', () => {
    expect(decide([three()], []).actions.map(short)).toEqual(['start chat-1']);
  });
});

describe('slots', () => {
  it('are named after the component, and after the endpoint too where there are several', () => {
    const a = component({ endpoint: 'a', min: 2 });
    const b = component({ endpoint: 'b' });
    expect(slotsOf([a]).map((slot) => slot.id)).toEqual(['chat-1', 'chat-2']);
    expect(slotsOf([a, b]).map((slot) => slot.id)).toEqual(['a/chat-1', 'a/chat-2', 'b/chat-1']);
  });
});

describe('an obedient fleet', () => {
  const anyDesired = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      min: fc.integer({ min: 0, max: 3 }),
      generation: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: (one) => one.name },
  );
  const anyCopies = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      slot: fc.integer({ min: 1, max: 4 }),
      incarnation: fc.integer({ min: 1, max: 5 }),
      generation: fc.integer({ min: 1, max: 3 }),
      state: fc.constantFrom(...Object.values(CopyState)),
    }),
    { selector: (one) => `${one.name}-${one.slot}#${one.incarnation}`, maxLength: 12 },
  );

  it('comes to exactly what is wanted, and then nothing more is asked of it', () => {
    fc.assert(
      fc.property(anyDesired, anyCopies, (wishes, found) => {
        const desired = wishes.map((wish) => component(wish));
        let copies = found.map(({ name, slot, ...rest }) =>
          copy({ ...rest, id: `${name}-${slot}`, component: `e/${name}`, since: now - 5_000 }),
        );
        for (let turn = 0; turn < 6; turn++) copies = obey(copies, decide(desired, copies).actions, turn);
        expect(decide(desired, copies).actions).toEqual([]);
        const wanted = wishes.flatMap(({ name, min, generation }) =>
          Array.from({ length: min }, (_, index) => `${name}-${index + 1} ${generation}`),
        );
        const running = copies.map((one) => `${one.copy.id} ${one.generation}`);
        expect(running.sort()).toEqual(wanted.sort());
      }),
    );
  });

  /** What a fleet without faults makes of the actions, by the next turn. */
  function obey(copies: readonly ObservedCopy[], actions: readonly Action[], turn: number): ObservedCopy[] {
    const keyOf = (ref: { id: string; incarnation: number }) => `${ref.id}#${ref.incarnation}`;
    const told = new Map<string, 'drain' | 'remove'>();
    for (const action of actions) if (action.kind !== 'start') told.set(keyOf(action.copy), action.kind);
    const rest = copies
      .filter((one) => told.get(keyOf(one.copy)) !== 'remove')
      .map((one) => {
        if (told.get(keyOf(one.copy)) === 'drain') return { ...one, state: CopyState.Draining };
        const comesUp = one.state === CopyState.Starting || one.state === CopyState.Loading;
        return comesUp ? { ...one, state: CopyState.Ready } : one;
      });
    const started = actions.flatMap((action) =>
      action.kind !== 'start'
        ? []
        : [
            copy({
              id: action.id,
              incarnation: 10 + turn,
              component: `e/${action.component.name}`,
              generation: action.component.generation,
              state: CopyState.Starting,
              since: now - 5_000,
            }),
          ],
    );
    return [...rest, ...started];
  }
});
