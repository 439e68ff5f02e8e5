import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTelemetry, silentLog } from '../adapters/telemetry/memory/telemetry.js';
import type { LoadReport } from '../contracts/load-reports.js';
import type { CopyRoute } from '../contracts/route-feed.js';
import type { WorkerDialer, WorkerLinkEvents } from '../contracts/worker-link.js';
import type { SubmittedStream } from '../contracts/worker-protocol.js';
import type { InferenceComponent } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import { greedySampling, type InferenceEnd, type InferenceRequest } from '../domain/inference.js';
import type { Scope } from '../domain/scope.js';
import {
  componentNamed,
  componentRoute,
  copyRoute,
  endpointRoute,
  modelOfVariant,
  scopeA,
  TestFeed,
  variantRoute,
} from '../../test/simulation/route-tables.js';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import { createServing, type RunningServing } from './serving.js';

const otherScope: Scope = { account: '222222222222', region: 'us-east-1' };

/** A copy as the test plays it. */
interface PlayedCopy {
  readonly events: WorkerLinkEvents;
  readonly streams: SubmittedStream[];
  isOpen: boolean;
}

/** Serving over a feed and copies that the test plays; copies open when they are dialled. */
class Stage {
  readonly clock = new VirtualClock();
  readonly telemetry = new MemoryTelemetry();
  readonly feed = new TestFeed();
  readonly reports: LoadReport[] = [];
  readonly copies = new Map<string, PlayedCopy>();
  readonly serving: RunningServing;
  chance = 0;

  constructor() {
    const dialer: WorkerDialer = {
      dial: (address, _copy, events) => {
        const copy: PlayedCopy = { events, streams: [], isOpen: true };
        this.copies.set(address, copy);
        this.clock.after(0, () => events.onOpen());
        return {
          send: (message) => {
            if (message.type === 'submit') copy.streams.push(...message.streams);
          },
          close: () => {
            copy.isOpen = false;
            events.onClose('closed');
          },
        };
      },
    };
    this.serving = createServing(this.feed, {
      clock: this.clock,
      random: { next: () => this.chance, id: () => 'id' },
      dialer,
      telemetry: this.telemetry,
      log: silentLog,
      report: (report) => this.reports.push(report),
    });
  }

  publish(...parameters: Parameters<TestFeed['publish']>): void {
    this.feed.publish(...parameters);
    this.clock.advance(0);
  }

  ask(component: InferenceComponent): { ends: InferenceEnd[]; cancel: () => void } {
    const ends: InferenceEnd[] = [];
    const request: InferenceRequest = {
      id: 'r',
      component,
      input: { kind: 'text', prompt: 'x', suffix: null },
      sampling: greedySampling,
      newTokensMax: 5,
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
      constraint: null,
      adapter: null,
      kind: 'generation',
    };
    const sink = { onStart: () => {}, onChunk: () => {}, onEnd: (end: InferenceEnd) => void ends.push(end) };
    const { cancel } = this.serving.answer(request, sink);
    return { ends, cancel };
  }

  /** The copy at that address ends the first request it still has. */
  finish(address: string): void {
    const { events, streams } = this.copies.get(address)!;
    const { stream } = streams.shift()!;
    const end = { reason: 'stop', stop: null } as const;
    events.onMessage({ type: 'step', updates: [{ stream, promptTokens: 1, tokens: [7], text: 'a', end }] });
  }

  streamsAt(address: string): readonly string[] {
    return this.copies.get(address)?.streams.map(({ requestId }) => requestId) ?? [];
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage.serving.close(0);
});

const inline = componentNamed('inline');

describe('serving', () => {
  it('lists of a scope what can be named in it, and no shadow', () => {
    const shade = modelOfVariant('shade');
    const blue = modelOfVariant('blue');
    const theirs = componentNamed('inline', { scope: otherScope });
    stage.publish([
      endpointRoute([blue, shade, inline], {
        variants: [variantRoute('blue', blue), variantRoute('shade', shade, { shadow: 1 })],
      }),
      endpointRoute([theirs], { scope: otherScope }),
    ]);
    expect(stage.serving.components(scopeA)).toEqual([inline, blue]);
    expect(stage.serving.components(otherScope)).toEqual([theirs]);
    expect(stage.serving.components({ ...otherScope, region: 'eu-west-1' })).toEqual([]);
  });

  it('hands the same names of two accounts to each one’s own copy', () => {
    const theirs = componentNamed('inline', { scope: otherScope });
    stage.publish(
      [endpointRoute([inline]), endpointRoute([theirs], { scope: otherScope })],
      [copyRoute(inline, 'ours'), copyRoute(theirs, 'theirs')],
    );
    stage.ask(stage.serving.resolve(otherScope, 'e', 'inline', null));
    expect([stage.streamsAt('mem:ours'), stage.streamsAt('mem:theirs')]).toEqual([[], ['r']]);
  });

  it('loses no stream when its endpoint is deleted, and takes none any more', () => {
    stage.publish([endpointRoute([inline])], [copyRoute(inline, 'c')]);
    const running = stage.ask(inline);
    stage.publish([]);
    expect(stage.ask(inline).ends).toMatchObject([{ error: { code: 'NAME-404' } }]);
    expect(running.ends).toEqual([]);
    stage.finish('mem:c');
    expect(running.ends).toMatchObject([{ outcome: 'completed' }]);
    expect(stage.copies.get('mem:c')!.isOpen).toBe(false);
  });

  it('takes up a component that comes back while its last requests end', () => {
    stage.publish([endpointRoute([inline])], [copyRoute(inline, 'c')]);
    const running = stage.ask(inline);
    stage.publish([]);
    stage.publish([endpointRoute([inline])], [copyRoute(inline, 'd')]);
    const next = stage.ask(inline);
    stage.finish('mem:c');
    stage.finish('mem:d');
    for (const { ends } of [running, next]) expect(ends).toMatchObject([{ outcome: 'completed' }]);
  });

  it('swaps in ten thousand components quickly', () => {
    const components = Array.from({ length: 10_000 }, (_, place) => componentNamed(`c-${place}`));
    const copies: readonly CopyRoute[] = components.map((component) => copyRoute(component, component.name));
    const endpoints = [endpointRoute(components)];
    stage.publish(endpoints, copies);
    const began = performance.now();
    stage.publish(endpoints, copies);
    expect(performance.now() - began).toBeLessThan(500);
    expect(stage.serving.isReady()).toBe(true);
  });

  it('is ready when all that was there at the start is; what comes later does not change that', () => {
    expect(stage.serving.isReady()).toBe(false);
    stage.publish([endpointRoute([inline])]);
    expect(stage.serving.isReady()).toBe(false);
    stage.publish([endpointRoute([inline])], [copyRoute(inline, 'c')]);
    expect(stage.serving.isReady()).toBe(true);
    stage.publish([endpointRoute([inline, componentNamed('new')])], [copyRoute(inline, 'c')]);
    expect(stage.serving.isReady()).toBe(true);
    stage.publish([endpointRoute([inline, componentNamed('new')])]);
    expect(stage.serving.isReady()).toBe(false);
    const refusal = StowageError.of('CAP-106', { details: '' }).toData();
    stage.publish([endpointRoute([componentRoute(inline, { refusal })])]);
    expect(stage.serving.isReady()).toBe(true);
  });
});

describe('shadow variants', () => {
  const blue = modelOfVariant('blue');
  const shade = modelOfVariant('shade');

  function publish(probability: number, shadeCopies: readonly CopyRoute[]): void {
    const variants = [variantRoute('blue', blue), variantRoute('shade', shade, { shadow: probability })];
    const components = [componentRoute(blue), componentRoute(shade)];
    stage.publish(
      [endpointRoute(components, { variants })],
      [copyRoute(blue, 'blue', { capacity: 100 }), ...shadeCopies],
    );
  }

  it('get a part of the requests, and their answers go nowhere', () => {
    publish(0.25, [copyRoute(shade, 'shade', { capacity: 100 })]);
    for (let count = 0; count < 100; count++) {
      stage.chance = count / 100;
      stage.ask(blue);
    }
    expect(stage.streamsAt('mem:blue')).toHaveLength(100);
    expect(stage.streamsAt('mem:shade')).toEqual(Array.from({ length: 25 }, () => 'r-shadow'));
    stage.clock.advance(1000);
    expect(stage.reports.at(-1)!.series).toMatchObject([
      { variant: 'blue', component: null, invocations: 100 },
      { variant: 'shade', component: null, invocations: 25 },
    ]);
  });

  it('change nothing for the caller when they are absent, full, broken or slow', () => {
    publish(1, []);
    const answers = [stage.ask(blue)];
    expect(stage.telemetry.ended).toEqual([]);
    publish(1, [copyRoute(shade, 'shade', { capacity: 4 })]);
    for (let count = 0; count < 20; count++) answers.push(stage.ask(blue));
    // Five fit the copy, one waits, the rest is left out.
    expect(stage.streamsAt('mem:shade')).toHaveLength(5);
    answers[1]!.cancel();
    expect(stage.streamsAt('mem:shade')).toHaveLength(5);
    stage.copies.get('mem:shade')!.events.onClose('killed');
    while (stage.streamsAt('mem:blue').length > 0) stage.finish('mem:blue');
    const outcomes = answers.map(({ ends }) => ends.map(({ outcome }) => outcome).join());
    expect(outcomes).toEqual(answers.map((_, place) => (place === 1 ? 'cancelled' : 'completed')));
  });

  it('get nothing of what inference components are asked', () => {
    const pool = componentNamed('pooled', { variant: 'pool' });
    const variants = [variantRoute('pool'), variantRoute('shade', shade, { shadow: 1 })];
    stage.publish(
      [endpointRoute([pool, shade], { variants })],
      [copyRoute(pool, 'pool'), copyRoute(shade, 'shade')],
    );
    stage.ask(pool);
    expect([stage.streamsAt('mem:pool'), stage.streamsAt('mem:shade')]).toEqual([['r'], []]);
  });
});

describe('load reports', () => {
  it('say once a second what happened, and nothing when nothing did', () => {
    stage.publish([endpointRoute([inline])], [copyRoute(inline, 'c')]);
    stage.clock.advance(5000);
    expect(stage.reports).toEqual([]);
    stage.ask(inline);
    stage.clock.advance(300);
    stage.finish('mem:c');
    stage.clock.advance(700);
    expect(stage.reports).toMatchObject([
      {
        at: stage.clock.wallNow(),
        series: [
          {
            component: 'inline',
            invocations: 1,
            modelLatency: { count: 1, sumMicroseconds: 300_000 },
            overheadLatency: { count: 1, sumMicroseconds: 0 },
            concurrencyMin: 0,
            concurrencyMax: 1,
          },
        ],
      },
    ]);
    stage.clock.advance(5000);
    expect(stage.reports).toHaveLength(1);
  });

  it('count what was refused for want of copies, and the last of what was removed', () => {
    const cold = componentNamed('cold', { copies: { min: 0, max: 1 } });
    stage.publish([endpointRoute([cold])]);
    stage.ask(cold);
    stage.publish([]);
    stage.clock.advance(1000);
    expect(stage.reports.flatMap(({ series }) => series)).toMatchObject([
      { component: 'cold', invocations: 1, errors5xx: 1, noCapacity: 1, concurrencyMax: 1 },
    ]);
  });
});
