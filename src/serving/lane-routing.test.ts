import { describe, expect, it } from 'vitest';
import { MemoryTelemetry, silentLog } from '../adapters/telemetry/memory/telemetry.js';
import type { CopyRoute } from '../contracts/route-feed.js';
import type { WorkerLinkEvents } from '../contracts/worker-link.js';
import type { ToWorker } from '../contracts/worker-protocol.js';
import { componentKey, EngineKind, RoutingStrategy } from '../domain/component.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import type { Caller, InferenceEnd, InferenceRequest } from '../domain/inference.js';
import { Lane, type LaneRoute } from './lane.js';
import { recordsMax, sampledEvery } from './lane-routing.js';
import { componentNamed, copyRoute } from '../../test/simulation/route-tables.js';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';

const callerDefault: Caller = {
  account: '000000000000',
  key: '',
  weight: 1,
  tokensPerMinuteMax: null,
  accountWeight: 1,
  accountTokensPerMinuteMax: null,
  priority: 0,
  priorityMax: 0,
};

/** A lane before containers, each with room for two requests, which answer when the test says so. */
class Stage {
  readonly clock = new VirtualClock();
  readonly ends: InferenceEnd[] = [];
  /** Streams that a copy has, by the copy's address. */
  readonly streams = new Map<string, number[]>();
  readonly lane: Lane;
  private readonly links = new Map<string, WorkerLinkEvents>();
  private ids = 0;

  constructor(
    private readonly engine: EngineKind,
    private readonly capacity = 1,
    private readonly jobQueueLengthMax = defaultComponentOptions.jobQueueLengthMax,
  ) {
    this.lane = new Lane(
      this.routeOf([]),
      {
        clock: this.clock,
        random: { next: () => 0, id: () => `session-${++this.ids}` },
        dialer: {
          dial: (address, _copy, events) => {
            this.links.set(address, events);
            this.streams.set(address, []);
            const send = (message: ToWorker): void => {
              if (message.type !== 'submit') return;
              this.streams.get(address)!.push(...message.streams.map(({ stream }) => stream));
            };
            return { send, close: () => events.onClose('closed') };
          },
        },
        telemetry: new MemoryTelemetry(),
        log: silentLog,
      },
      { onHeld: () => undefined },
    );
  }

  copies(...ids: readonly string[]): void {
    const { component } = this.routeOf([]);
    this.lane.update(
      this.routeOf(ids.map((id) => copyRoute(component, id, { address: id, capacity: this.capacity }))),
    );
    for (const id of ids) if (this.streams.get(id)?.length === 0) this.links.get(id)!.onOpen();
  }

  ask(more: Partial<InferenceRequest> = {}): void {
    const request = {
      kind: 'computation',
      id: 'r',
      component: this.lane.component,
      computation: { kind: 'invoke', contentType: '', accept: '', body: '', customAttributes: null },
      ...more,
    } as InferenceRequest;
    this.lane.answer(request, {
      onStart: () => undefined,
      onChunk: () => undefined,
      onEnd: (end) => this.ends.push(end),
    });
  }

  /** The oldest request of a copy is answered. */
  finish(id: string): void {
    const stream = this.streams.get(id)!.shift()!;
    const end = { reason: 'stop', stop: null } as const;
    this.links.get(id)!.onMessage({ type: 'step', updates: [{ stream, tokens: [], text: '', end }] });
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.streams].map(([id, streams]) => [id, streams.length]));
  }

  private routeOf(copies: readonly CopyRoute[]): LaneRoute {
    const { jobQueueLengthMax } = this;
    const options = { ...defaultComponentOptions, sessionSecondsMax: 60, jobQueueLengthMax };
    const component = componentNamed('c', { engine: this.engine, options });
    return {
      key: componentKey(component),
      component,
      strategy: RoutingStrategy.LeastOutstandingRequests,
      shares: [{ group: 1, percent: 100 }],
      refusal: null,
      copies,
    };
  }
}

describe('a session of a container, which keeps its state', () => {
  it('waits for its copy while that is full, and nobody waits behind it', () => {
    const stage = new Stage(EngineKind.Container);
    stage.copies('a', 'b');
    const { id: session } = stage.lane.routing.openSession('k');
    for (let index = 0; index < 2; index++) stage.ask({ session });
    expect(stage.counts()).toEqual({ a: 2, b: 0 });
    stage.ask({ session });
    stage.ask();
    stage.ask();
    expect(stage.counts()).toEqual({ a: 2, b: 2 });
    stage.finish('a');
    expect(stage.counts()).toEqual({ a: 2, b: 2 });
    expect(stage.ends.map(({ outcome }) => outcome)).toEqual(['completed']);
  });

  it('is refused with RUN-313 when its copy is gone, those that wait too', () => {
    const stage = new Stage(EngineKind.Container);
    stage.copies('a', 'b');
    const { id: session } = stage.lane.routing.openSession('k');
    for (let index = 0; index < 3; index++) stage.ask({ session });
    stage.copies('b');
    stage.finish('a');
    expect(stage.ends).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'RUN-313' }) as object }),
      expect.objectContaining({ outcome: 'completed' }),
    ]);
    stage.ask({ session });
    expect(stage.ends.at(-1)).toMatchObject({ error: { code: 'RUN-313' } });
    stage.ask();
    expect(stage.counts()['b']).toBe(1);
  });
});

describe('a session of a container that found its copy while its calls waited', () => {
  const begun = () => {
    const stage = new Stage(EngineKind.Container);
    stage.copies();
    const { id: session } = stage.lane.routing.openSession('k');
    for (let index = 0; index < 4; index++) stage.ask({ session });
    for (let index = 0; index < 2; index++) stage.ask();
    stage.copies('a', 'b');
    return stage;
  };

  it('keeps nobody from the other copies, and goes on as its own has room', () => {
    const stage = begun();
    expect(stage.counts()).toEqual({ a: 2, b: 2 });
    stage.finish('b');
    expect(stage.counts()).toEqual({ a: 2, b: 1 });
    stage.finish('a');
    stage.finish('a');
    expect(stage.counts()).toEqual({ a: 2, b: 1 });
    for (let index = 0; index < 2; index++) stage.finish('a');
    expect(stage.ends.map(({ outcome }) => outcome)).toEqual(Array(5).fill('completed'));
  });

  it('is refused with RUN-313 when that copy dies', () => {
    const stage = begun();
    stage.copies('b');
    expect(stage.ends).toMatchObject(Array(2).fill({ error: { code: 'RUN-313' } }));
  });
});

describe('a queue that one caller’s session fills', () => {
  const callerOf = (key: string): Caller => ({ ...callerDefault, key });

  it('lets others pass that find a copy with room, and gives its places to those that do not', () => {
    const stage = new Stage(EngineKind.Container, 1, 4);
    stage.copies('a', 'b');
    const { id: session } = stage.lane.routing.openSession('k');
    for (let index = 0; index < 7; index++) stage.ask({ session, caller: callerOf('greedy') });
    expect(stage.counts()).toEqual({ a: 2, b: 0 });
    const codes = () => stage.ends.map((end) => (end.outcome === 'completed' ? '' : end.error.code));
    expect(codes()).toEqual(['CAP-101']);
    for (let index = 0; index < 2; index++) stage.ask({ caller: callerOf('other') });
    expect(stage.counts()).toEqual({ a: 2, b: 2 });
    expect(codes()).toEqual(['CAP-101']);
    for (let index = 0; index < 2; index++) stage.ask({ caller: callerOf('other') });
    expect(codes()).toEqual(['CAP-101', 'CAP-110', 'CAP-110']);
    stage.ask({ caller: callerOf('other') });
    expect(codes().at(-1)).toBe('CAP-101');
  });
});

describe('a session of an engine that keeps nothing', () => {
  it('uses another copy while its own is full, and comes back', () => {
    const stage = new Stage(EngineKind.Simulated);
    stage.copies('a', 'b');
    const { id: session } = stage.lane.routing.openSession('k');
    for (let index = 0; index < 3; index++) stage.ask({ session });
    expect(stage.counts()).toEqual({ a: 2, b: 1 });
    stage.finish('a');
    stage.ask({ session });
    expect(stage.counts()).toEqual({ a: 2, b: 1 });
  });

  it('ends at its time, as its caller was told', () => {
    const stage = new Stage(EngineKind.Simulated);
    const { id, expiresAt } = stage.lane.routing.openSession('k');
    expect(expiresAt - stage.clock.wallNow()).toBe(60_000);
    stage.clock.advance(60_000);
    expect(stage.lane.routing.closeSession(id)).toBe(false);
  });
});

it('keeps one choice in a thousand and all that were asked for, with what fell and why', () => {
  const stage = new Stage(EngineKind.Simulated, sampledEvery * 2);
  stage.copies('a');
  for (let index = 0; index <= sampledEvery; index++) stage.ask({ id: `r${index}` });
  expect(stage.lane.routing.explain().records.map(({ request }) => request)).toEqual([
    `r${sampledEvery}`,
    'r0',
  ]);
  for (let index = 0; index < recordsMax + 5; index++) stage.ask({ id: `x${index}`, isExplained: true });
  const { records, choices } = stage.lane.routing.explain();
  expect([records.length, choices]).toEqual([recordsMax, sampledEvery + recordsMax + 6]);
  expect(records[0]).toMatchObject({ request: `x${recordsMax + 4}`, picked: 'a', reason: 'strategy' });
  const full = new Stage(EngineKind.Simulated);
  full.copies('a', 'b');
  for (let index = 0; index < 4; index++) full.ask({ isExplained: true });
  expect(full.lane.routing.explain().records[0]?.copies).toEqual([
    expect.objectContaining({ copy: 'a', fellFor: 'full', score: null }),
    expect.objectContaining({ copy: 'b', fellFor: null, score: 0.5, outstanding: 1 }),
  ]);
});
