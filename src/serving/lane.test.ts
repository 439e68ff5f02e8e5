import { describe, expect, it } from 'vitest';
import { MemoryTelemetry, silentLog } from '../adapters/telemetry/memory/telemetry.js';
import type { WorkerDialer, WorkerLinkEvents } from '../contracts/worker-link.js';
import type { FromWorker, ToWorker } from '../contracts/worker-protocol.js';
import {
  defaultComponentOptions,
  EngineKind,
  type InferenceComponent,
  RoutingStrategy,
} from '../domain/component.js';
import { greedySampling, type InferenceEnd, type InferenceRequest } from '../domain/inference.js';
import type { AnswerHandle, AnswerSink } from './facade.js';
import { interruptionsMax, Lane } from './lane.js';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';

const component: InferenceComponent = {
  endpoint: 'e',
  name: 'c',
  generation: 1,
  model: { path: '/none' },
  engine: EngineKind.Simulated,
  resources: { cpus: 1, memoryBytesMax: 0 },
  copies: { min: 1, max: 1 },
  options: {
    ...defaultComponentOptions,
    rollingBatchSizeMax: 4,
    jobQueueLengthMax: 3,
    stepTokensMax: 32,
    predictSecondsMax: 20,
    queueSecondsMax: 10,
  },
};

/** A lane whose copies are played by the test. */
class Stage {
  readonly clock = new VirtualClock();
  readonly telemetry = new MemoryTelemetry();
  readonly said: ToWorker[] = [];
  link: WorkerLinkEvents | null = null;
  private incarnation = 0;
  readonly lane: Lane;

  constructor() {
    const dialer: WorkerDialer = {
      dial: (_address, _copy, events) => {
        this.link = events;
        return { send: (message) => this.said.push(message), close: () => events.onClose('closed') };
      },
    };
    this.lane = new Lane(component, RoutingStrategy.LeastOutstandingRequests, {
      clock: this.clock,
      random: { next: () => 0, id: () => 'id' },
      dialer,
      telemetry: this.telemetry,
      log: silentLog,
    });
  }

  /** A fresh copy takes the place of the one there was. */
  open(): void {
    const copy = { id: 'c-1', incarnation: ++this.incarnation };
    const route = { copy, component: 'e/c', address: 'a', capacity: 4 };
    this.lane.update(component, RoutingStrategy.LeastOutstandingRequests, [route]);
    this.link!.onOpen();
  }

  hear(message: FromWorker): void {
    this.link!.onMessage(message);
  }

  die(): void {
    this.link!.onClose('killed');
  }

  ask(sink: Partial<AnswerSink> = {}): { handle: AnswerHandle; ends: InferenceEnd[]; chunks: string[] } {
    const ends: InferenceEnd[] = [];
    const chunks: string[] = [];
    const request: InferenceRequest = {
      id: 'r',
      component,
      input: { kind: 'text', prompt: 'x', suffix: null },
      sampling: greedySampling,
      newTokensMax: 5,
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
    };
    const handle = this.lane.answer(request, {
      onStart: () => {},
      onChunk: (chunk) => chunks.push(chunk.text),
      ...sink,
      onEnd: (end) => {
        ends.push(end);
        sink.onEnd?.(end);
      },
    });
    return { handle, ends, chunks };
  }

  submissions(): number {
    return this.said.filter((message) => message.type === 'submit').length;
  }

  /** Numbers of the streams handed over, in order. */
  streams(): number[] {
    return this.said.flatMap((message) =>
      message.type === 'submit' ? message.streams.map(({ stream }) => stream) : [],
    );
  }

  outcomes(): string[] {
    return this.telemetry.ended.map(({ outcome }) => outcome);
  }
}

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

  it('takes ten thousand expiries in its stride', () => {
    const stage = new Stage();
    const big = { ...component, options: { ...component.options, jobQueueLengthMax: 100_000 } };
    stage.lane.update(big, RoutingStrategy.Random, []);
    for (let count = 0; count < 20_000; count++) stage.ask();
    stage.clock.advance(11_000);
    const began = performance.now();
    stage.lane.sweep(stage.clock.now());
    expect(stage.telemetry.ended).toHaveLength(20_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
