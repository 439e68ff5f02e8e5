/** What must hold of every answer, and of the traffic, whatever happens to the copies. Knows nothing of faults. */
import { expect } from 'vitest';
import { simulatedNextToken } from '../../src/adapters/engine/simulated/engine.js';
import type { LoadReport, LoadSeries } from '../../src/contracts/load-reports.js';
import type { RouteTable } from '../../src/contracts/route-feed.js';
import type { WorkerDialer } from '../../src/contracts/worker-link.js';
import { sameCopy } from '../../src/domain/copy.js';
import type { InferenceEnd, GenerationRequest, TokenChunk } from '../../src/domain/inference.js';
import type { AnswerSink } from '../../src/serving/facade.js';

export class Answer implements AnswerSink {
  readonly tokens: number[] = [];
  text = '';
  end: InferenceEnd | null = null;
  private starts = 0;
  private cancelAsked = false;

  constructor(
    readonly request: GenerationRequest,
    private readonly prompt: readonly number[],
    private readonly endEvery: number,
  ) {}

  onStart(promptTokens: number): void {
    expect(++this.starts).toBe(1);
    expect(promptTokens).toBe(this.prompt.length);
  }

  onChunk(chunk: TokenChunk): void {
    expect(this.starts).toBe(1);
    expect(this.end).toBeNull();
    this.tokens.push(...chunk.tokens);
    this.text += chunk.text;
  }

  onEnd(end: InferenceEnd): void {
    expect(this.end).toBeNull();
    this.end = end;
  }

  noteCancel(): void {
    this.cancelAsked = this.end === null;
  }

  /** Ended once, in the right outcome, with the right tokens and the right text. */
  check(undisturbed: (answer: Answer) => readonly number[]): void {
    expect(this.end, `${this.request.id} never ended`).not.toBeNull();
    const { outcome, usage } = this.end!;
    expect(outcome).toBe(this.cancelAsked ? 'cancelled' : 'completed');
    expect(usage.completionTokens).toBe(this.tokens.length);
    expect(this.text).toBe(
      new TextDecoder().decode(Uint8Array.from(this.tokens.filter((token) => token < 256))),
    );
    const right = undisturbed(this);
    if (outcome === 'completed') expect(this.tokens).toEqual(right);
    else expect(this.tokens).toEqual(right.slice(0, this.tokens.length));
  }

  /** The greedy answer, by the model's definition alone. */
  greedyTokens(): number[] {
    const all = [...this.prompt];
    const out: number[] = [];
    while (out.length < (this.request.newTokensMax ?? 0)) {
      const token = simulatedNextToken(all, this.endEvery);
      if (token === 256) break;
      all.push(token);
      out.push(token);
    }
    return out;
  }
}

/** A dialer whose links take requests only for copies that the current table names. */
export function checkedDialer(dialer: WorkerDialer, table: () => RouteTable): WorkerDialer {
  return {
    dial: (address, copy, events) => {
      const link = dialer.dial(address, copy, events);
      return {
        send: (message) => {
          if (message.type === 'submit') {
            const isNamed = table().copies.some((route) => sameCopy(route.copy, copy));
            expect(isNamed, `${copy.id} is given requests though no table names it`).toBe(true);
          }
          link.send(message);
        },
        close: () => link.close(),
      };
    },
  };
}

/** The sums of all reports about one variant's own model. */
export function totalsOf(
  reports: readonly LoadReport[],
  variant: string,
): Record<'invocations' | 'errors' | 'answered', number> & { last: LoadSeries | null } {
  const series = reports.flatMap((report) => report.series).filter((one) => one.variant === variant);
  const sum = (read: (one: LoadSeries) => number) => series.reduce((total, one) => total + read(one), 0);
  for (const one of series) {
    const { count, buckets } = one.modelLatency;
    expect(buckets.reduce((total, part) => total + part, 0)).toBe(count);
    expect(one.concurrencyMin).toBeLessThanOrEqual(one.concurrencyMax);
  }
  return {
    invocations: sum((one) => one.invocations),
    errors: sum((one) => one.errors4xx + one.errors5xx),
    answered: sum((one) => one.modelLatency.count),
    last: series.at(-1) ?? null,
  };
}
