/**
 * Puts load on an inference server and measures what comes back.
 *
 * Two kinds: `clients` that each send their next call when the last one ended (closed loop), or a trace
 * whose arrivals are sent at their times whatever the server does (open loop). Ends when the calls are
 * sent and answered, when the time is up (calls under way still finish), or when the signal fires
 * (calls under way are given up and counted as nothing).
 */
import { setMaxListeners } from 'node:events';
import type { CallTarget } from './call-dialect.js';
import { openClient } from './inference-client.js';
import type { CallOutcome, InferenceClient } from './inference-client.js';
import { reportOf } from './load-report.js';
import type { CallRecord, LoadReport } from './load-report.js';
import { synthesizePrompt } from './prompts.js';
import type { LoadPrompt } from './prompts.js';
import type { TraceArrival } from './trace.js';

export type LoadPattern =
  | {
      readonly kind: 'clients';
      /** Calls open at once, 1..10,000. */
      readonly clients: number;
      /** Calls in all; null = as many as the time allows. */
      readonly requests: number | null;
      /** Seconds after which no new call begins; null = no limit. */
      readonly seconds: number | null;
      /** Sent in turn, again from the first when they run out; not empty. */
      readonly prompts: readonly LoadPrompt[];
    }
  | {
      readonly kind: 'trace';
      readonly arrivals: readonly TraceArrival[];
      /** 2 = twice as fast as recorded. */
      readonly speed: number;
      /** Prompts are cut to this many tokens; null = as recorded. */
      readonly promptTokensMax: number | null;
      /** Arrivals beyond this many open calls are skipped and counted. */
      readonly openMax: number;
    };

export interface LoadProgress {
  /** Calls that ended, and of them those that failed. */
  readonly ended: number;
  readonly failed: number;
  readonly open: number;
  /** Calls planned; null when only time ends the run. */
  readonly planned: number | null;
  readonly outputTokens: number;
  readonly seconds: number;
}

export interface LoadOptions {
  readonly target: CallTarget;
  readonly pattern: LoadPattern;
  /** For every call; a prompt's or arrival's own number comes before it. null = the server's default. */
  readonly newTokensMax: number | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** Generate up to the limit, past the model's own end. */
  readonly endTokensIgnored: boolean;
  /** Default true. */
  readonly stream?: boolean;
  /** Calls sent one after the other before anything is measured; default 0. */
  readonly warmupRequests?: number;
  /** Default 600. */
  readonly callSecondsMax?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly onOutcome?: (outcome: CallOutcome) => void;
}

/** Runs a load to its end; never rejects because of the server, whose failures are in the report. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const client = openClient(options.target, (options.callSecondsMax ?? 600) * 1000);
  // Each open call listens.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  try {
    await warmUp(client, options);
    const run = new Run(client, options);
    const { pattern } = options;
    if (pattern.kind === 'clients') await run.closedLoop(pattern);
    else await run.openLoop(pattern);
    return reportOf(run.records, run.skipped);
  } finally {
    client.close();
  }
}

async function warmUp(client: InferenceClient, options: LoadOptions): Promise<void> {
  const prompts = options.pattern.kind === 'clients' ? options.pattern.prompts : [];
  for (let index = 0; index < (options.warmupRequests ?? 0); index++) {
    if (options.signal?.aborted === true) return;
    const prompt = prompts[index % prompts.length] ?? plainPrompt('the quick brown fox');
    await client.call(requestOf(options, prompt), undefined, options.signal);
  }
}

function plainPrompt(prompt: string): LoadPrompt {
  return { prompt, suffix: null, newTokensMax: null };
}

function requestOf(options: LoadOptions, prompt: LoadPrompt) {
  return {
    prompt: prompt.prompt,
    suffix: prompt.suffix,
    newTokensMax: prompt.newTokensMax ?? options.newTokensMax,
    temperature: options.temperature,
    seed: options.seed,
    endTokensIgnored: options.endTokensIgnored,
    stream: options.stream ?? true,
  };
}

class Run {
  readonly records: CallRecord[] = [];
  skipped = 0;
  readonly #startedAt = performance.now();
  #open = 0;
  #failed = 0;
  #outputTokens = 0;
  #planned: number | null = null;

  constructor(
    readonly client: InferenceClient,
    readonly options: LoadOptions,
  ) {}

  async closedLoop(pattern: Extract<LoadPattern, { kind: 'clients' }>): Promise<void> {
    const { clients, requests, seconds, prompts } = pattern;
    this.#planned = requests;
    let sent = 0;
    const mayGoOn = () =>
      this.options.signal?.aborted !== true &&
      (requests === null || sent < requests) &&
      (seconds === null || this.#seconds() < seconds);
    const client = async () => {
      while (mayGoOn()) {
        const prompt = prompts[sent % prompts.length];
        sent += 1;
        if (prompt !== undefined) await this.#call(prompt);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
  }

  async openLoop(pattern: Extract<LoadPattern, { kind: 'trace' }>): Promise<void> {
    const { arrivals, speed, promptTokensMax, openMax } = pattern;
    this.#planned = arrivals.length;
    const open = new Set<Promise<void>>();
    for (const [index, arrival] of arrivals.entries()) {
      await this.#until(arrival.atMs / speed);
      if (this.options.signal?.aborted === true) break;
      if (open.size >= openMax) {
        this.skipped += 1;
        continue;
      }
      const tokens = Math.min(arrival.promptTokens, promptTokensMax ?? Infinity);
      const call = this.#call({
        prompt: synthesizePrompt(Math.max(1, tokens), index),
        suffix: null,
        newTokensMax: this.options.newTokensMax === null ? Math.max(1, arrival.outputTokens) : null,
      }).finally(() => open.delete(call));
      open.add(call);
    }
    await Promise.all(open);
  }

  async #call(prompt: LoadPrompt): Promise<void> {
    this.#open += 1;
    const outcome = await this.client.call(requestOf(this.options, prompt), undefined, this.options.signal);
    this.#open -= 1;
    if (outcome.failure?.kind === 'aborted') return;
    this.records.push(outcome.record);
    if (outcome.failure === null) this.#outputTokens += outcome.record.outputTokens;
    else this.#failed += 1;
    this.options.onOutcome?.(outcome);
    this.options.onProgress?.({
      ended: this.records.length,
      failed: this.#failed,
      open: this.#open,
      planned: this.#planned,
      outputTokens: this.#outputTokens,
      seconds: this.#seconds(),
    });
  }

  /** Waits until that many milliseconds after the start, or until the signal fires. */
  async #until(atMs: number): Promise<void> {
    const delay = atMs - this.#seconds() * 1000;
    const { signal } = this.options;
    if (delay <= 0 || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delay);
      signal?.addEventListener('abort', done);
    });
  }

  #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
