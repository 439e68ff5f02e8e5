import { describe, expect, it, vi } from 'vitest';
import { type ErrorData, StowageError } from '../domain/errors.js';
import type { Caller, InferenceEnd, PromptInput } from '../domain/inference.js';
import type { AnswerHandle } from './facade.js';
import { FairQueue } from './fair-queue.js';
import { interruptionsMax } from './lane.js';
import { component, laneRoute, LaneStage as Stage } from '../../test/simulation/lane-stage.js';
import { copyRoute } from '../../test/simulation/route-tables.js';

describe('Lane', () => {
  it('never hands over again a request that was cancelled while its sibling was given up', () => {
    const stage = new Stage();
    let sibling: AnswerHandle | null = null;
    const first = stage.ask({ onEnd: () => sibling?.cancel() });
    const second = stage.ask();
    sibling = second.handle;
    for (let times = 0; times < interruptionsMax; times++) {
      stage.open();
      stage.die();
    }
    const handedOver = stage.submissions();
    stage.open();
    expect(stage.submissions()).toBe(handedOver);
    expect(first.ends.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(second.ends.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    expect(stage.outcomes()).toEqual(['failed', 'cancelled'].reverse());
  });

  it('counts each end once when deadlines pass together', () => {
    const stage = new Stage();
    let sibling: AnswerHandle | null = null;
    stage.ask({ onEnd: () => sibling?.cancel() });
    const second = stage.ask();
    sibling = second.handle;
    stage.clock.advance(11_000);
    stage.lane.sweep(stage.clock.now());
    expect(second.ends).toHaveLength(1);
    expect(stage.telemetry.ended).toHaveLength(2);
  });

  it('ends only the request whose sink throws', () => {
    const stage = new Stage();
    stage.open();
    const broken = stage.ask({
      onChunk: () => {
        throw new Error('a defect');
      },
    });
    const sound = stage.ask();
    const [one, two] = stage.streams();
    stage.hear({
      type: 'step',
      updates: [
        { stream: one!, promptTokens: 1, tokens: [1], text: 'a' },
        { stream: two!, promptTokens: 1, tokens: [1], text: 'b' },
      ],
    });
    expect(broken.ends.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(sound.chunks).toEqual(['b']);
    expect(stage.said.at(-1)).toEqual({ type: 'cancel', streams: [one] });
  });

  it('refuses what its queue has no place for, and says when to come back', () => {
    const stage = new Stage();
    const asked = Array.from({ length: 4 }, () => stage.ask());
    const [end] = asked[3]!.ends;
    expect(end).toMatchObject({ outcome: 'refused', error: { code: 'CAP-101' } });
    expect(end?.outcome === 'refused' && end.error.retryAfterSeconds).toBeGreaterThan(0);
  });

  it('expires what waits too long and what runs too long', () => {
    const stage = new Stage();
    const waiting = stage.ask();
    stage.clock.advance(10_500);
    stage.lane.sweep(stage.clock.now());
    expect(waiting.ends[0]).toMatchObject({ outcome: 'expired', error: { code: 'COLD-502' } });
    stage.open();
    const running = stage.ask();
    stage.clock.advance(20_500);
    stage.lane.sweep(stage.clock.now());
    expect(running.ends[0]).toMatchObject({ outcome: 'expired', error: { code: 'RUN-306' } });
  });

  it('takes many expiries in its stride: the queue is walked a few times, not once for each', () => {
    const requests = 20_000;
    const stage = new Stage();
    const big = { ...component, options: { ...component.options, jobQueueLengthMax: 100_000 } };
    stage.lane.update(laneRoute([], { component: big }));
    for (let count = 0; count < requests; count++) stage.ask();
    stage.clock.advance(11_000);
    const walks = vi.spyOn(FairQueue.prototype, Symbol.iterator);
    const looks = vi.spyOn(FairQueue.prototype, 'peek');
    const began = performance.now();
    stage.lane.sweep(stage.clock.now());
    const ms = performance.now() - began;
    const counted = [walks.mock.calls.length, looks.mock.calls.length];
    vi.restoreAllMocks();
    expect(stage.telemetry.ended).toHaveLength(requests);
    expect(Math.max(...counted)).toBeLessThan(10);
    // A hundred times what it takes; a walk for each is 400 million steps.
    expect(ms).toBeLessThan(10_000);
  });

  it('works out what a request costs once, and only when it waits or has a budget', () => {
    const stage = new Stage();
    let reads = 0;
    const input: PromptInput = {
      kind: 'text',
      suffix: null,
      get prompt() {
        reads++;
        return 'x';
      },
    };
    const readsOf = (who: Caller): number => {
      reads = 0;
      stage.ask({}, false, { caller: who, input });
      return reads;
    };
    expect(readsOf(caller('waits'))).toBe(1);
    expect(readsOf(caller('waits', { tokensPerMinuteMax: 9 }))).toBe(1);
    stage.open();
    expect(readsOf(caller('flies'))).toBe(0);
    expect(readsOf(caller('flies', { accountTokensPerMinuteMax: 9 }))).toBe(1);
  });

  it('answers at once with what stands against it, also what was waiting', () => {
    const stage = new Stage();
    const waiting = stage.ask();
    const refusal: ErrorData = StowageError.of('CAP-106', { details: 'no room' }).toData();
    stage.lane.update(laneRoute([], { refusal }));
    expect([waiting, stage.ask()].map(({ ends }) => ends)).toMatchObject([
      [{ outcome: 'refused', error: { code: 'CAP-106' } }],
      [{ outcome: 'refused', error: { code: 'CAP-106' } }],
    ]);
    stage.open();
    expect(stage.ask().ends).toEqual([]);
    stage.lane.update(laneRoute([], { component: { ...component, copies: { min: 0, max: 1 } } }));
    expect(stage.ask().ends).toMatchObject([{ error: { code: 'COLD-501' } }]);
  });

  it('holds who finds no copy, and refuses who asked for that or whose component did', () => {
    const stage = new Stage();
    stage.lane.update(laneRoute([], { wakes: true }));
    const [held, strict] = [stage.ask(), stage.ask({}, true)];
    expect([held.ends, strict.ends]).toMatchObject([
      [],
      [{ outcome: 'refused', error: { code: 'COLD-504' } }],
    ]);
    expect(stage.lane.takeLoad()).toMatchObject({ held: 1, noCapacity: 1, invocations: 2 });
    const options = { ...component.options, zeroCapacity: 'refuse' as const };
    stage.lane.update(laneRoute([], { wakes: true, component: { ...component, options } }));
    expect(stage.ask().ends).toMatchObject([{ error: { code: 'COLD-504' } }]);
    stage.open();
    expect(stage.ask({}, true).ends).toEqual([]);
  });

  it('finishes what a copy has when it is removed, and refuses what waits', () => {
    const stage = new Stage();
    stage.open();
    const running = Array.from({ length: 5 }, () => stage.ask());
    const waiting = stage.ask();
    stage.lane.remove();
    expect(waiting.ends).toMatchObject([{ error: { code: 'NAME-404' } }]);
    const [first, second] = stage.streams();
    const end = { reason: 'stop', stop: null } as const;
    stage.hear({
      type: 'step',
      updates: [{ stream: first!, promptTokens: 1, tokens: [1], text: 'a', end }],
    });
    expect(running[0]!.ends).toMatchObject([{ outcome: 'completed' }]);
    expect(running[1]!.ends).toEqual([]);
    stage.hear({ type: 'step', updates: [{ stream: second!, promptTokens: 1, tokens: [1], text: 'b' }] });
    stage.die();
    expect(running[1]!.ends).toMatchObject([{ outcome: 'failed', error: { code: 'RUN-301' } }]);
    expect(stage.lane.openCount).toBe(0);
  });

  it('shares requests over generations by percent, and gives an absent one’s part to the other', () => {
    const stage = new Stage();
    const copies = [1, 2].map((group) =>
      copyRoute(component, `c-${group}`, { group, address: `g${group}`, capacity: 1000 }),
    );
    const shares = [
      { group: 1, percent: 90 },
      { group: 2, percent: 10 },
    ];
    stage.openAll(copies, shares);
    for (let count = 0; count < 100; count++) {
      stage.chance = count / 100;
      stage.ask();
    }
    expect(Object.fromEntries(stage.handedOver)).toEqual({ g1: 90, g2: 10 });
    stage.lane.update(laneRoute(copies.slice(1), { shares }));
    for (let count = 0; count < 10; count++) stage.ask();
    expect(stage.handedOver.get('g2')).toBe(20);
  });

  it('leaves nobody at a group that all traffic was shifted away from, whatever session they name', () => {
    const stage = new Stage();
    const copies = [1, 2].map((group) =>
      copyRoute(component, `c-${group}`, { group, address: `g${group}`, capacity: 1000 }),
    );
    const shares = (blue: number) => [
      { group: 1, percent: blue },
      { group: 2, percent: 100 - blue },
    ];
    stage.openAll(copies.slice(0, 1), shares(100));
    const opened = stage.lane.routing.openSession('k').id;
    const ask = () => ['user:ann', opened].forEach((session) => stage.ask({}, false, { session }));
    ask();
    stage.openAll(copies, shares(100));
    ask();
    expect(Object.fromEntries(stage.handedOver)).toEqual({ g1: 4 });
    stage.lane.update(laneRoute(copies, { shares: shares(0) }));
    ask();
    expect(Object.fromEntries(stage.handedOver)).toEqual({ g1: 4, g2: 2 });
    // They stay where they are now, and go back where nothing else is left.
    stage.lane.update(laneRoute(copies, { shares: shares(50) }));
    stage.chance = 0;
    ask();
    expect(Object.fromEntries(stage.handedOver)).toEqual({ g1: 4, g2: 4 });
    stage.lane.update(laneRoute(copies.slice(0, 1), { shares: shares(0) }));
    ask();
    expect(Object.fromEntries(stage.handedOver)).toEqual({ g1: 6, g2: 4 });
  });

  it('goes on with an interrupted request at a copy of the same generation', () => {
    const stage = new Stage();
    const copies = ['a', 'b', 'x'].map((id) =>
      copyRoute(component, id, { address: id, group: id === 'x' ? 2 : 1, generation: id === 'x' ? 2 : 1 }),
    );
    const shares = [
      { group: 1, percent: 0 },
      { group: 2, percent: 100 },
    ];
    stage.openAll(copies.slice(0, 1), shares);
    const first = stage.link!;
    stage.ask();
    const [stream] = stage.streams();
    first.onMessage({
      type: 'step',
      updates: [{ stream: stream!, promptTokens: 1, tokens: [1], text: 'a' }],
    });
    stage.openAll(copies, shares);
    first.onClose('killed');
    expect(Object.fromEntries(stage.handedOver)).toEqual({ a: 1, b: 1 });
  });

  it('waits for a copy of its generation, while others go to another one, and ends when none can come', () => {
    const stage = new Stage();
    const copies = ['old', 'new'].map((id) =>
      copyRoute(component, id, { address: id, generation: id === 'old' ? 1 : 2 }),
    );
    stage.openAll(copies.slice(0, 1), []);
    const { link } = stage;
    const begun = stage.ask();
    const waiting = stage.ask();
    const [stream] = stage.streams();
    link!.onMessage({
      type: 'step',
      updates: [{ stream: stream!, promptTokens: 1, tokens: [1], text: 'a' }],
    });
    stage.openAll(copies, []);
    link!.onClose('killed');
    stage.lane.update(laneRoute(copies.slice(1)));
    expect(Object.fromEntries(stage.handedOver)).toEqual({ old: 2, new: 1 });
    stage.ask();
    expect(stage.handedOver.get('new')).toBe(2);
    expect([...begun.ends, ...waiting.ends]).toEqual([]);
    stage.lane.update(laneRoute(copies.slice(1), { component: { ...component, generation: 2 } }));
    expect(begun.ends).toMatchObject([{ outcome: 'failed', error: { code: 'RUN-301' } }]);
    expect(waiting.ends).toEqual([]);
  });
});

const caller = (key: string, changes: Partial<Caller> = {}): Caller => ({
  account: '000000000000',
  key,
  weight: 1,
  tokensPerMinuteMax: null,
  accountWeight: 1,
  accountTokensPerMinuteMax: null,
  priority: 0,
  priorityMax: 0,
  ...changes,
});

const codesOf = (ends: readonly InferenceEnd[]) =>
  ends.map((end) => (end.outcome === 'completed' ? 'completed' : end.error.code));

describe('several callers', () => {
  const asking = (stage: Stage, key: string) => stage.ask({}, false, { caller: caller(key), id: key });

  it('share a full queue: one that holds more than its share gives its newest place to another', () => {
    const stage = new Stage();
    const flood = Array.from({ length: 4 }, () => asking(stage, 'flood'));
    expect(flood.map(({ ends }) => codesOf(ends))).toEqual([[], [], [], ['CAP-101']]);
    const quiet = asking(stage, 'quiet');
    expect(flood.map(({ ends }) => codesOf(ends))).toEqual([[], [], ['CAP-110'], ['CAP-101']]);
    const more = asking(stage, 'quiet');
    expect([codesOf(quiet.ends), codesOf(more.ends)]).toEqual([[], ['CAP-101']]);
    expect(stage.telemetry.pushedOut).toBe(1);
  });

  it('have their turns, and what each took of the copies is told while it runs', () => {
    const stage = new Stage();
    for (const key of ['a', 'a', 'b']) asking(stage, key);
    stage.open();
    const ids = stage.said.flatMap((message) =>
      message.type === 'submit' ? message.streams.map(({ requestId }) => requestId) : [],
    );
    expect(ids).toEqual(['a', 'b', 'a']);
    stage.clock.advance(1000);
    expect(stage.lane.takeLoad()?.callers.map(({ key, copyMs }) => [key, copyMs])).toEqual([
      ['a', 2000],
      ['b', 1000],
    ]);
  });

  it('are refused when their tokens are used up, and get back what they did not use', () => {
    const stage = new Stage();
    stage.open();
    const who = { caller: caller('k', { tokensPerMinuteMax: 9 }) };
    // One token of prompt, five of answer.
    const first = stage.ask({}, false, who);
    const second = stage.ask({}, false, who);
    expect(codesOf(second.ends)).toEqual(['LIMIT-720']);
    const [end] = second.ends;
    // Three of nine a minute are left, three are missing: 20 seconds.
    expect(end?.outcome !== 'completed' && end?.error.retryAfterSeconds).toBeCloseTo(20);
    expect(stage.telemetry.overBudget).toEqual(['key']);
    first.handle.cancel();
    expect(codesOf(stage.ask({}, false, who).ends)).toEqual([]);
  });
});
