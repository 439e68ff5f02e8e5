/**
 * A whole implementation of the Serving contract with known answers, for tests of what is in front of
 * it. Each component follows a script; one token leaves per turn of the event loop, so that cancelling
 * and disconnecting happen in mid-stream without any waiting by the clock.
 */
import type { EndpointRoute } from '../../src/contracts/route-feed.js';
import type { InferenceComponent } from '../../src/domain/component.js';
import { StowageError } from '../../src/domain/errors.js';
import {
  FinishReason,
  type InferenceEnd,
  type GenerationRequest,
  type InferenceRequest,
  Outcome,
  type TokenLogprob,
  type Usage,
} from '../../src/domain/inference.js';
import type { Scope } from '../../src/domain/scope.js';
import type {
  AnswerHandle,
  AnswerSink,
  OpenedSession,
  Serving,
  SessionDesk,
} from '../../src/serving/facade.js';
import { resolveCall } from '../../src/serving/resolve.js';
import { RouteIndex } from '../../src/serving/route-index.js';
import { componentNamed, endpointRoute, scopeA } from '../simulation/route-tables.js';

export const Script = {
  /** Answers `w0 w1 w2 …`, `answerTokens` of them unless the request wants fewer or a stop string comes. */
  Words: 'words',
  /** Sends one word, then nothing until it is cancelled. */
  Hang: 'hang',
  /** Sends two words, then fails with RUN-305. */
  Break: 'break',
  /** Accepts nothing and says nothing until it is cancelled. */
  Silent: 'silent',
  /** Sends 64 KiB of text per turn, as fast as it can. */
  Flood: 'flood',
} as const;
export type Script = (typeof Script)[keyof typeof Script];

/** Tokens of an answer that nothing else ends. */
export const answerTokens = 8;
/** Turns of `Script.Flood`. */
export const floodTokens = 1024;

export class ScriptedServing implements Serving, SessionDesk {
  /** Everything that was asked, in order. */
  readonly requests: GenerationRequest[] = [];
  /** Ids of requests that were cancelled before they ended. */
  readonly cancelled: string[] = [];
  isReadyNow = true;
  /** What the next choice by weight is made with, [0, 1). */
  chance = 0;
  readonly #index: RouteIndex;
  readonly #isScoped: boolean;
  readonly #scripts: ReadonlyMap<string, Script>;
  readonly #refusals: StowageError[] = [];
  #ended = 0;
  #listeners: (() => void)[] = [];

  /**
   * Component name → its script. Without routes all are on the endpoint `apex`, for callers of every scope. Routes are
   * resolved as serving itself does.
   */
  constructor(scripts: Readonly<Record<string, Script>>, routes: readonly EndpointRoute[] = []) {
    this.#scripts = new Map(Object.entries(scripts));
    this.#isScoped = routes.length > 0;
    const components = Object.keys(scripts).map((name) =>
      componentNamed(name, { endpoint: 'apex', variant: 'AllTraffic' }),
    );
    const endpoints = this.#isScoped ? routes : [endpointRoute(components, { name: 'apex' })];
    this.#index = new RouteIndex({ revision: 1, endpoints, copies: [] });
  }

  /** The next requests are refused with these, one each. */
  refuseNext(...errors: readonly StowageError[]): void {
    this.#refusals.push(...errors);
  }

  /** Resolves once `count` requests were asked. */
  untilAsked(count: number): Promise<void> {
    return this.#until(() => this.requests.length >= count);
  }

  /** Resolves once `count` requests were cancelled. */
  untilCancelled(count: number): Promise<void> {
    return this.#until(() => this.cancelled.length >= count);
  }

  /** Resolves once `count` requests have ended in any way. */
  untilEnded(count: number): Promise<void> {
    return this.#until(() => this.#ended >= count);
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (condition()) resolve();
      };
      this.#listeners.push(check);
      check();
    });
  }

  components(scope: Scope): readonly InferenceComponent[] {
    const { endpoints } = this.#index.region(this.#isScoped ? scope : scopeA);
    return [...endpoints.values()].flatMap(({ components, ownModels }) => [
      ...components.values(),
      ...ownModels.map(({ component }) => component),
    ]);
  }

  resolve(
    scope: Scope,
    endpoint: string | null,
    name: string | null,
    variant: string | null,
  ): InferenceComponent {
    const asked = this.#isScoped ? scope : scopeA;
    return resolveCall(this.#index, asked, endpoint, name, variant, () => this.chance);
  }

  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    if (request.kind === 'computation') throw new Error('only generations are scripted');
    this.requests.push(request);
    for (const listener of this.#listeners) listener();
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) {
      sink.onEnd({ outcome: Outcome.Refused, error: refusal.toData(), usage: usage(0, 0) });
      return { cancel: () => undefined };
    }
    const script = this.#scripts.get(request.component.name) ?? Script.Words;
    const run = new ScriptRun(request, sink, script, (outcome) => {
      this.#ended += 1;
      if (outcome === Outcome.Cancelled) this.cancelled.push(request.id);
      for (const listener of this.#listeners) listener();
    });
    run.start();
    return run;
  }

  /** Sessions that are open; they live for an hour of 2026-01-01. */
  readonly sessions = new Set<string>();

  openSession(): OpenedSession {
    const id = `session-${this.sessions.size}`;
    this.sessions.add(id);
    return { id, expiresAt: Date.UTC(2026, 0, 1, 1) };
  }

  closeSession(component: InferenceComponent, id: string): void {
    if (!this.sessions.delete(id)) throw StowageError.of('NAME-415', { component: component.name });
  }

  isReady(): boolean {
    return this.isReadyNow;
  }
}

class ScriptRun implements AnswerHandle {
  #sent = 0;
  #hasEnded = false;

  constructor(
    private readonly request: GenerationRequest,
    private readonly sink: AnswerSink,
    private readonly script: Script,
    private readonly onEnded: (outcome: Outcome) => void,
  ) {}

  start(): void {
    setImmediate(() => {
      if (this.#hasEnded || this.script === Script.Silent) return;
      if (this.request.isExplained === true) this.sink.onRouted?.(`${this.request.component.name}-0`);
      this.sink.onStart(promptTokensOf(this.request));
      this.#next();
    });
  }

  cancel(): void {
    if (this.#hasEnded) return;
    const error = StowageError.of('COLD-503', {}).toData();
    this.#end({ outcome: Outcome.Cancelled, error, usage: this.#usage() });
  }

  readonly #next = (): void => {
    if (this.#hasEnded) return;
    const limit = this.script === Script.Flood ? floodTokens : answerTokens;
    const wanted = Math.min(this.request.newTokensMax ?? limit, limit);
    if (this.script === Script.Hang && this.#sent === 1) return;
    if (this.script === Script.Break && this.#sent === 2) {
      const error = StowageError.of('RUN-305', { times: 3 }).toData();
      this.#end({ outcome: Outcome.Failed, error, usage: this.#usage() });
      return;
    }
    const text = this.script === Script.Flood ? 'x'.repeat(65536) : wordAt(this.#sent);
    const stop = this.request.stop.find((entry) => text.includes(entry)) ?? null;
    if (this.#sent === wanted || stop !== null) {
      const reason = this.#sent < limit && stop === null ? FinishReason.Length : FinishReason.Stop;
      this.#end({ outcome: Outcome.Completed, reason, stop, usage: this.#usage() });
      return;
    }
    this.#sendToken(text);
    setImmediate(this.#next);
  };

  #sendToken(text: string): void {
    const token = 100 + this.#sent;
    this.#sent += 1;
    const { logprobs } = this.request;
    this.sink.onChunk({
      tokens: [token],
      text,
      ...(logprobs === null ? {} : { logprobs: [logprobOf(token, text, logprobs)] }),
    });
  }

  #usage(): Usage {
    return usage(promptTokensOf(this.request), this.#sent);
  }

  #end(end: InferenceEnd): void {
    this.#hasEnded = true;
    this.sink.onEnd(end);
    this.onEnded(end.outcome);
  }
}

/** The text of the token at a position, e.g. ` w3`; the third has quotes, a line end and an emoji. */
export function wordAt(position: number): string {
  if (position === 3) return ' "w3"\n😀';
  return position === 0 ? 'w0' : ` w${position}`;
}

/** The text of the first `count` tokens. */
export function wordsOf(count: number): string {
  return Array.from({ length: count }, (_, position) => wordAt(position)).join('');
}

function logprobOf(token: number, text: string, count: number): TokenLogprob {
  const top = Array.from({ length: count }, (_, rank) => ({
    token: token + rank,
    ...textAndBytes(rank === 0 ? text : `${text}~${rank}`),
    logprob: rank === 0 ? -0.5 : -Infinity,
  }));
  return { token, ...textAndBytes(text), logprob: -0.5, top };
}

function textAndBytes(text: string): Pick<TokenLogprob, 'text' | 'bytes'> {
  return { text, bytes: [...Buffer.from(text)] };
}

/** One prompt token per character of text, or per token id. */
function promptTokensOf({ input }: GenerationRequest): number {
  switch (input.kind) {
    case 'text':
      return input.prompt.length + (input.suffix?.length ?? 0);
    case 'chat':
      return input.messages.reduce((sum, message) => sum + message.content.length, 0);
    case 'tokens':
      return input.tokens.length;
  }
}

function usage(promptTokens: number, completionTokens: number): Usage {
  return { promptTokens, completionTokens, cachedTokens: 0 };
}
