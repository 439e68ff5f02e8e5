/**
 * Who proposes the tokens that a model then checks several at once. A proposal changes no answer: each of its tokens
 * is kept only where the model, with the same chance, chooses that very token.
 */
import type { SpeculationCounts } from '../domain/copy.js';
import type { Sequence } from './sequence.js';

export interface Speculator {
  /**
   * Sets `proposal` of sequences that decode, at most `rowsMax` tokens in all; called before each step that computes
   * nothing else for them. May compute; no step of the model is computed meanwhile.
   */
  propose(decoding: readonly Sequence[], rowsMax: number): Promise<void>;
  /** Of a sequence's proposal so many tokens were kept; called after each step that had one. */
  observe(sequence: Sequence, proposed: number, accepted: number): void;
  /** A step of so many rows took so long; called after each step, of prompts too. */
  observeStep(decodingRows: number, promptRows: number, milliseconds: number): void;
  /** It has left its KV sequence, whose number it still has. */
  release(sequence: Sequence): void;
  counts(): SpeculationCounts;
  setThreads(count: number): void;
  /** What it holds is given back; it may be asked again after. */
  sleep(): Promise<void>;
}
