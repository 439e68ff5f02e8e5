/** What must hold of every answer, whatever happens to the copies. Knows nothing of faults. */
import { expect } from 'vitest';
import { simulatedNextToken } from '../../src/adapters/engine/simulated/engine.js';
import type { InferenceEnd, InferenceRequest, TokenChunk } from '../../src/domain/inference.js';
import type { AnswerSink } from '../../src/serving/facade.js';

export class Answer implements AnswerSink {
  readonly tokens: number[] = [];
  text = '';
  end: InferenceEnd | null = null;
  private starts = 0;
  private cancelAsked = false;

  constructor(
    readonly request: InferenceRequest,
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
