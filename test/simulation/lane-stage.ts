/** One lane of serving, on virtual time, before copies that the test plays. */
import { MemoryTelemetry, silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { ComponentRoute, CopyRoute } from '../../src/contracts/route-feed.js';
import type { WorkerDialer, WorkerLinkEvents } from '../../src/contracts/worker-link.js';
import type { FromWorker, ToWorker } from '../../src/contracts/worker-protocol.js';
import { componentKey, type InferenceComponent, RoutingStrategy } from '../../src/domain/component.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import {
  type Caller,
  greedySampling,
  type InferenceEnd,
  type InferenceRequest,
  type PromptInput,
} from '../../src/domain/inference.js';
import { Budgets } from '../../src/serving/budgets.js';
import type { AnswerHandle, AnswerSink } from '../../src/serving/facade.js';
import { Lane, type LaneRoute } from '../../src/serving/lane.js';
import { componentNamed, copyRoute } from './route-tables.js';
import { VirtualClock } from './virtual-clock.js';

export const component: InferenceComponent = componentNamed('c', {
  options: {
    ...defaultComponentOptions,
    rollingBatchSizeMax: 4,
    jobQueueLengthMax: 3,
    stepTokensMax: 32,
    predictSecondsMax: 20,
    queueSecondsMax: 10,
  },
});

export function laneRoute(copies: readonly CopyRoute[], changes: Partial<LaneRoute> = {}): LaneRoute {
  return {
    key: componentKey(component),
    component,
    strategy: RoutingStrategy.LeastOutstandingRequests,
    shares: [{ group: 1, percent: 100 }],
    refusal: null,
    copies,
    ...changes,
  };
}

/** A lane whose copies are played by the test. */
export class LaneStage {
  readonly clock = new VirtualClock();
  readonly telemetry = new MemoryTelemetry();
  readonly said: ToWorker[] = [];
  /** Streams handed over, by the address of the copy. */
  readonly handedOver = new Map<string, number>();
  /** Of the copy that was opened last. */
  link: WorkerLinkEvents | null = null;
  chance = 0;
  private incarnation = 0;
  readonly lane: Lane;

  constructor(changes: Partial<LaneRoute> = {}) {
    const dialer: WorkerDialer = {
      dial: (address, _copy, events) => {
        this.link = events;
        const send = (message: ToWorker): void => {
          this.said.push(message);
          if (message.type === 'submit')
            this.handedOver.set(address, (this.handedOver.get(address) ?? 0) + 1);
        };
        return { send, close: () => events.onClose('closed') };
      },
    };
    this.lane = new Lane(
      laneRoute([], changes),
      {
        clock: this.clock,
        random: { next: () => this.chance, id: () => 'id' },
        dialer,
        telemetry: this.telemetry,
        log: silentLog,
        budgets: new Budgets(this.clock),
      },
      { onHeld: () => undefined },
    );
  }

  /** A fresh copy takes the place of the one there was. */
  open(): void {
    const copy = { id: 'c-1', incarnation: ++this.incarnation };
    this.lane.update(laneRoute([copyRoute(component, 'c-1', { copy, address: 'a' })]));
    this.link!.onOpen();
  }

  /** These copies and no others, each opened as it comes. */
  openAll(copies: readonly CopyRoute[], shares: ComponentRoute['shares']): void {
    for (const [index] of copies.entries()) {
      this.link = null;
      this.lane.update(laneRoute(copies.slice(0, index + 1), { shares }));
      (this.link as WorkerLinkEvents | null)?.onOpen();
    }
  }

  hear(message: FromWorker): void {
    this.link!.onMessage(message);
  }

  die(): void {
    this.link!.onClose('killed');
  }

  ask(
    sink: Partial<AnswerSink> = {},
    isStrict = false,
    who: {
      readonly id?: string;
      readonly caller?: Caller;
      readonly input?: PromptInput;
      readonly session?: string;
    } = {},
  ): { handle: AnswerHandle; ends: InferenceEnd[]; chunks: string[] } {
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
      constraint: null,
      adapter: null,
      kind: 'generation',
      isStrict,
      ...who,
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
