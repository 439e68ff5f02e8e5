/** Requests that are computed as a whole, on their way through a lane whose copies the test plays. */
import { describe, expect, it } from 'vitest';
import { MemoryTelemetry, silentLog } from '../adapters/telemetry/memory/telemetry.js';
import type { WorkerLinkEvents } from '../contracts/worker-link.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import { componentKey, RoutingStrategy } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import type { Computation, ComputationResult, InferenceEnd } from '../domain/inference.js';
import { componentNamed, copyRoute } from '../../test/simulation/route-tables.js';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import { interruptionsMax, Lane } from './lane.js';

const component = componentNamed('embed');
const computation: Computation = {
  kind: 'embed',
  inputs: [{ kind: 'text', prompt: 'a', suffix: null }],
  dimensions: null,
  textTokensMax: null,
};
const result: ComputationResult = { kind: 'embed', vectors: ['AACAPw=='], promptTokens: 3 };

class Stage {
  readonly clock = new VirtualClock();
  readonly telemetry = new MemoryTelemetry();
  readonly submitted: SubmittedStream[] = [];
  readonly cancelled: number[] = [];
  readonly starts: number[] = [];
  readonly results: ComputationResult[] = [];
  readonly ends: InferenceEnd[] = [];
  private link: WorkerLinkEvents | null = null;
  private incarnation = 0;
  private readonly lane: Lane;

  constructor() {
    this.lane = new Lane(
      this.route([]),
      {
        clock: this.clock,
        random: { next: () => 0, id: () => 'id' },
        dialer: {
          dial: (_address, _copy, events) => {
            this.link = events;
            return {
              send: (message) => {
                if (message.type === 'submit') this.submitted.push(...message.streams);
                if (message.type === 'cancel') this.cancelled.push(...message.streams);
              },
              close: () => events.onClose('closed'),
            };
          },
        },
        telemetry: this.telemetry,
        log: silentLog,
      },
      { onHeld: () => undefined },
    );
  }

  /** A fresh copy takes the place of the one there was. */
  open(): void {
    const copy = { id: 'embed-1', incarnation: ++this.incarnation };
    this.lane.update(this.route([copyRoute(component, 'embed-1', { copy, address: 'a' })]));
    this.link!.onOpen();
  }

  die(): void {
    this.link!.onClose('killed');
  }

  hear(update: Omit<StepUpdate, 'stream' | 'tokens' | 'text'>): void {
    const { stream } = this.submitted.at(-1)!;
    this.link!.onMessage({ type: 'step', updates: [{ stream, tokens: [], text: '', ...update }] });
  }

  ask() {
    return this.lane.answer(
      { kind: 'computation', id: 'r', component, computation },
      {
        onStart: (promptTokens) => this.starts.push(promptTokens),
        onChunk: () => expect.unreachable('a computation has no text'),
        onResult: (computed) => this.results.push(computed),
        onEnd: (end) => this.ends.push(end),
      },
    );
  }

  private route(copies: ReturnType<typeof copyRoute>[]) {
    const strategy = RoutingStrategy.LeastOutstandingRequests;
    const shares = [{ group: 1, percent: 100 }];
    return { key: componentKey(component), component, strategy, shares, refusal: null, copies };
  }
}

const whole = { promptTokens: 3, result, end: { reason: 'stop', stop: null } } as const;

describe('a computation', () => {
  it('reaches a copy as it was asked, and its result and usage the caller, once', () => {
    const stage = new Stage();
    stage.open();
    stage.ask();
    expect(stage.submitted).toEqual([
      { stream: expect.any(Number), requestId: 'r', kind: 'computation', computation },
    ]);
    stage.hear(whole);
    stage.hear(whole);
    expect([stage.starts, stage.results]).toEqual([[3], [result]]);
    const usage = { promptTokens: 3, completionTokens: 0, cachedTokens: 0 };
    expect(stage.ends).toEqual([{ outcome: 'completed', reason: 'stop', stop: null, usage }]);
    expect(stage.telemetry.ended).toMatchObject([
      { outcome: 'completed', facts: { promptTokens: 3, generatedTokens: 0, firstTokenSeconds: null } },
    ]);
  });

  it('begins anew at the next copy when its copy dies, whatever that copy was about to say', () => {
    const stage = new Stage();
    stage.open();
    stage.ask();
    stage.die();
    expect(stage.ends).toEqual([]);
    stage.open();
    expect(stage.submitted).toHaveLength(2);
    expect(stage.submitted[1]).toMatchObject({ kind: 'computation', computation });
    stage.hear(whole);
    expect([stage.results, stage.ends.length]).toEqual([[result], 1]);
  });

  it('is given up when its copies die again and again', () => {
    const stage = new Stage();
    stage.open();
    stage.ask();
    for (let times = 0; times < interruptionsMax; times++) {
      stage.die();
      stage.open();
    }
    expect(stage.ends).toMatchObject([{ outcome: 'failed', error: { code: 'RUN-305' } }]);
    expect(stage.submitted).toHaveLength(interruptionsMax);
  });

  it('ends with the copy’s refusal, and has no result then', () => {
    const stage = new Stage();
    stage.open();
    stage.ask();
    stage.hear({ error: StowageError.of('CTX-202', { tokens: 9, limit: 8 }).toData() });
    expect(stage.ends).toMatchObject([{ outcome: 'refused', error: { code: 'CTX-202' } }]);
    expect(stage.results).toEqual([]);
  });

  it('is taken back from its copy when the caller goes away', () => {
    const stage = new Stage();
    stage.open();
    stage.ask().cancel();
    expect(stage.cancelled).toEqual([stage.submitted[0]!.stream]);
    expect(stage.ends).toMatchObject([{ outcome: 'cancelled' }]);
  });
});
