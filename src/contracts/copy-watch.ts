/**
 * What a fleet learns of one worker over a link of its own; every fleet that runs our workers watches them so.
 * Modes: starting → loading → ready → draining, and from any of them exited, which only the fleet can say. A
 * link that breaks while the worker lives is dialled again.
 *
 * Never: a state that goes back; a state that the link alone makes exited; news after exited.
 */
import type { AdapterSource } from '../domain/adapter.js';
import type { InferenceComponent } from '../domain/component.js';
import { componentKey } from '../domain/component.js';
import type { CopyRef, CopyReport } from '../domain/copy.js';
import { CopyState } from '../domain/copy.js';
import type { ErrorData } from '../domain/errors.js';
import { StowageError } from '../domain/errors.js';
import type { Clock } from './clock.js';
import type { CopyObservation } from './fleet.js';
import type { WorkerDialer, WorkerLink } from './worker-link.js';
import type { FromWorker, ToWorker } from './worker-protocol.js';

/** Between two attempts to watch a worker that lives, milliseconds. */
const redialMs = 200;
const mebibyte = 1024 * 1024;

export interface CopyWatchParts {
  readonly clock: Clock;
  readonly dialer: WorkerDialer;
  readonly copy: CopyRef;
  readonly component: InferenceComponent;
  /** The instance it was placed on. */
  readonly instance: string;
  readonly address: string;
  /** What it was started with. */
  readonly threads: number;
  /** LoRA adapters that it was started with. */
  readonly adapters?: readonly AdapterSource[] | undefined;
  /** Another caller started it: what it was told since then is not known, so all of it is told again. */
  readonly isAdopted?: boolean;
  /** An observation would differ in more than a report's numbers. */
  readonly onChange: () => void;
  /** It uses more memory than it may; the fleet must end it. */
  readonly onOverLimit: () => void;
  /** The link broke: perhaps the worker is gone. */
  readonly onLost?: () => void;
}

type Seen = Omit<CopyObservation, 'copy' | 'component' | 'generation' | 'instance' | 'address' | 'pid'>;

export class CopyWatch {
  private seen: Seen;
  private threads: number;
  /** What it should have; null = not known since it was adopted. */
  private adapters: readonly AdapterSource[] | null;
  private link: WorkerLink | null = null;
  private isLinkOpen = false;
  private stopRedial: () => void = () => undefined;
  /** Why it will end, when that is known before it does. */
  private cause: ErrorData | null = null;
  private wasReady = false;

  constructor(private readonly parts: CopyWatchParts) {
    const now = parts.clock.now();
    this.threads = parts.threads;
    this.adapters = parts.isAdopted === true ? null : (parts.adapters ?? []);
    this.seen = {
      state: CopyState.Starting,
      since: now,
      info: null,
      loading: null,
      report: null,
      adapters: [],
      heardAt: now,
      progressAt: now,
      exit: null,
    };
    this.dial();
  }

  get hasExited(): boolean {
    return this.seen.state === CopyState.Exited;
  }

  observation(pid: number | null): CopyObservation {
    const { copy, component, instance, address } = this.parts;
    const isReachable = this.seen.state === CopyState.Ready || this.seen.state === CopyState.Draining;
    return {
      ...this.seen,
      copy,
      component: componentKey(component),
      generation: component.generation,
      instance,
      address: isReachable ? address : null,
      pid,
    };
  }

  /** May be repeated. */
  drain(): void {
    if (this.hasExited || this.seen.state === CopyState.Draining) return;
    this.enter(CopyState.Draining);
    this.tell({ type: 'drain' });
  }

  /** Nothing happens while the worker is not reached: it is for this moment only. */
  sleep(): void {
    this.tell({ type: 'sleep' });
  }

  /** May be repeated; told again when a link is dialled again. */
  setThreads(count: number): void {
    if (count === this.threads) return;
    this.threads = count;
    this.tell({ type: 'threads', count });
  }

  /** May be repeated; told again when a link is dialled again. */
  setAdapters(adapters: readonly AdapterSource[]): void {
    if (this.adapters !== null && JSON.stringify(adapters) === JSON.stringify(this.adapters)) return;
    this.adapters = adapters;
    this.tell({ type: 'adapters', adapters });
  }

  /**
   * The worker is gone; `reason` says how, continued from "the copy exited: ". `cause` is what the worker said of it
   * elsewhere than over the link, if it did.
   */
  exited(reason: string, cause: ErrorData | null = null): void {
    if (this.hasExited) return;
    const parameters = { copy: this.parts.copy.id, reason };
    const error = StowageError.of(this.wasReady ? 'RUN-301' : 'RUN-304', parameters).toData();
    this.seen = { ...this.seen, exit: this.cause ?? cause ?? error };
    this.letGo();
    this.enter(CopyState.Exited);
  }

  /** Watches no longer and says nothing more; the worker goes on. */
  letGo(): void {
    this.stopRedial();
    const { link } = this;
    this.link = null;
    this.isLinkOpen = false;
    link?.close();
  }

  private dial(): void {
    const isCurrent = () => this.link === link;
    const link: WorkerLink = this.parts.dialer.dial(this.parts.address, this.parts.copy, {
      onOpen: () => isCurrent() && this.opened(),
      onMessage: (message) => isCurrent() && this.hear(message),
      onClose: () => isCurrent() && this.lost(),
    });
    this.link = link;
  }

  private opened(): void {
    this.isLinkOpen = true;
    this.seen = { ...this.seen, heardAt: this.parts.clock.now() };
    const { threads, isAdopted = false } = this.parts;
    if (isAdopted || this.threads !== threads) this.tell({ type: 'threads', count: this.threads });
    const { adapters } = this;
    const started = this.parts.adapters ?? [];
    if (adapters !== null && (isAdopted || adapters.length + started.length > 0)) {
      this.tell({ type: 'adapters', adapters });
    }
    if (this.seen.state === CopyState.Draining) this.tell({ type: 'drain' });
    if (this.seen.state === CopyState.Starting) this.enter(CopyState.Loading);
  }

  private lost(): void {
    this.link = null;
    this.isLinkOpen = false;
    this.stopRedial = this.parts.clock.after(redialMs, () => this.dial());
    this.parts.onLost?.();
  }

  private tell(message: ToWorker): void {
    if (this.isLinkOpen) this.link?.send(message);
  }

  private hear(message: FromWorker): void {
    this.seen = { ...this.seen, heardAt: this.parts.clock.now() };
    switch (message.type) {
      case 'loading':
        this.seen = { ...this.seen, loading: { phase: message.phase, fraction: message.fraction } };
        return;
      case 'ready':
        this.wasReady = true;
        this.seen = { ...this.seen, info: message.info, loading: null };
        if (this.seen.state === CopyState.Loading) this.enter(CopyState.Ready);
        return;
      case 'adapters':
        this.seen = { ...this.seen, adapters: message.adapters };
        return this.parts.onChange();
      case 'refused':
        this.cause = message.error;
        return;
      case 'report':
        return this.take(message.report);
      case 'step':
      case 'hello':
        return;
      default:
        message satisfies never;
    }
  }

  private take(report: CopyReport): void {
    const before = this.seen.report;
    const wasIdle = before === null || isIdle(before);
    const hasWoken = before?.isAsleep === true && report.isAsleep !== true;
    const hasMoved = wasIdle || isIdle(report) || hasWoken || stepsOf(report) > stepsOf(before);
    const progressAt = hasMoved ? this.seen.heardAt : this.seen.progressAt;
    this.seen = { ...this.seen, report, progressAt };
    this.checkMemory(report);
    if (before === null || wasIdle !== isIdle(report)) this.parts.onChange();
  }

  private checkMemory(report: CopyReport): void {
    const limitBytes = this.parts.component.resources.memoryBytesMax;
    if (limitBytes <= 0 || report.memoryBytes <= limitBytes || this.cause !== null) return;
    this.cause = StowageError.of('RUN-302', {
      copy: this.parts.copy.id,
      used: Math.ceil(report.memoryBytes / mebibyte),
      limit: Math.floor(limitBytes / mebibyte),
    }).toData();
    this.parts.onOverLimit();
  }

  private enter(state: CopyState): void {
    this.seen = { ...this.seen, state, since: this.parts.clock.now() };
    this.parts.onChange();
  }
}

function isIdle(report: CopyReport): boolean {
  return report.running + report.waiting === 0;
}

function stepsOf({ steps, speculation }: CopyReport): number {
  return steps + (speculation?.draftSteps ?? 0);
}
