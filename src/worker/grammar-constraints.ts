/**
 * Keeps answers in shape for the vocabulary of one model: constraints become grammars, grammars automata over bytes,
 * and an automaton's state the set of tokens that may come next.
 *
 * Control tokens may never come next, and end tokens exactly where the answer is complete. Everything is worked out
 * when it is first needed and kept, within bounds, for the answers after it; nothing here waits.
 */
import type { Engine } from '../contracts/engine.js';
import type { ConstraintMaker, TokenConstraint } from '../contracts/token-constraint.js';
import { Automaton, type AutomatonState } from '../decide/grammar/automaton.js';
import { grammarOf } from '../decide/grammar/constraint-grammar.js';
import { GrammarProblem } from '../decide/grammar/expression.js';
import { buildNetwork, type Network } from '../decide/grammar/network.js';
import { TokenOrder } from '../decide/grammar/token-order.js';
import { type ToolFormat } from '../decide/grammar/tool-calls.js';
import { StowageError } from '../domain/errors.js';
import type { Constraint } from '../domain/inference.js';

/** Grammars that are kept for answers to come. */
const grammarsMax = 32;
/** Bytes that the sets of tokens of one grammar take. */
const setBytesMax = 8 * 1024 * 1024;
/** Bytes that all grammars take, about; one alone may take more. */
const keptBytesMax = 128 * 1024 * 1024;

/** One grammar at work, for all answers that must fit it. */
class Compiled {
  readonly automaton: Automaton;
  /** Sets of tokens that were worked out since all were forgotten. */
  private setCount = 0;

  constructor(
    private readonly network: Network,
    private readonly order: TokenOrder,
    private readonly onGrowth: () => void,
  ) {
    this.automaton = new Automaton(network);
  }

  get bytes(): number {
    return this.network.bytes + this.automaton.bytes + this.setBytes;
  }

  private get setBytes(): number {
    return this.setCount * this.order.wordCount * 4;
  }

  /** Throws GrammarProblem. */
  allowedIn(state: AutomatonState): Uint32Array {
    if (state.allowed === null) {
      state.allowed = this.order.allowedIn(this.automaton, state);
      this.setCount += 1;
      this.onGrowth();
    }
    return state.allowed;
  }

  /** The state after a token; null when it may not come. Throws GrammarProblem. */
  after(state: AutomatonState, token: number): AutomatonState | null {
    const { automaton } = this;
    const next = this.order.after(automaton, automaton.renewed(state), token);
    if (automaton.isFull || this.setBytes >= setBytesMax) this.forget();
    return next === null ? null : automaton.renewed(next);
  }

  /** All but the grammar itself. */
  forget(): void {
    this.automaton.forget();
    this.setCount = 0;
  }
}

interface Vocabulary {
  readonly order: TokenOrder;
  readonly endTokens: readonly number[];
}

export class GrammarConstraints implements ConstraintMaker {
  /** By the constraint as JSON; what was used last stands last. */
  private readonly compiled = new Map<string, Compiled>();
  private vocabulary: Vocabulary | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly format: ToolFormat,
  ) {}

  make(constraint: Constraint): TokenConstraint {
    this.vocabulary ??= readVocabulary(this.engine);
    const key = JSON.stringify({ ...constraint, field: '' });
    const compiled = this.compiled.get(key) ?? this.compile(constraint, this.vocabulary);
    this.compiled.delete(key);
    this.compiled.set(key, compiled);
    this.makeRoom();
    return new GrammarConstraint(compiled, this.vocabulary, constraint.field);
  }

  private compile(constraint: Constraint, { order }: Vocabulary): Compiled {
    try {
      const network = buildNetwork(grammarOf(constraint, this.format), order.alphabet);
      return new Compiled(network, order, () => this.makeRoom());
    } catch (error) {
      throw refusalOf(constraint.field, error);
    }
  }

  /** What was used longest ago goes. Answers that still use it make anew what they need. */
  private makeRoom(): void {
    let bytes = [...this.compiled.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [key, oldest] of this.compiled) {
      const isTooMuch = bytes > keptBytesMax || this.compiled.size > grammarsMax;
      if (!isTooMuch || this.compiled.size === 1) return;
      this.compiled.delete(key);
      bytes -= oldest.bytes;
      oldest.forget();
    }
  }
}

class GrammarConstraint implements TokenConstraint {
  /** Null after a token that may not come, which only another worker can have chosen. */
  private state: AutomatonState | null;
  /** Why it cannot go on. */
  private problem: unknown = null;

  constructor(
    private readonly compiled: Compiled,
    private readonly vocabulary: Vocabulary,
    private readonly field: string,
  ) {
    this.state = compiled.automaton.start;
  }

  get isOver(): boolean {
    return this.state !== null && this.state.isAccepting && this.state.isLast;
  }

  mask(logits: Float32Array): boolean {
    if (this.problem !== null) throw refusalOf(this.field, this.problem);
    if (this.state === null) return false;
    this.state = this.compiled.automaton.renewed(this.state);
    const { state } = this;
    const { endTokens } = this.vocabulary;
    const ends = state.isAccepting ? endTokens.map((token) => logits[token]!) : [];
    const allowed = this.allowedIn(state);
    if (ends.length === 0 && allowed.every((word) => word === 0)) return false;
    applyMask(logits, allowed);
    for (const [index, logit] of ends.entries()) logits[endTokens[index]!] = logit;
    return true;
  }

  accept(token: number): void {
    if (this.state === null) return;
    try {
      this.state = this.compiled.after(this.state, token);
    } catch (error) {
      this.state = null;
      this.problem = error;
    }
  }

  private allowedIn(state: AutomatonState): Uint32Array {
    try {
      return this.compiled.allowedIn(state);
    } catch (error) {
      throw refusalOf(this.field, error);
    }
  }
}

/** REQ-210 for what is wrong with a constraint; anything else as it is. */
function refusalOf(field: string, error: unknown): unknown {
  const isNestedTooDeeply = error instanceof RangeError;
  if (!isNestedTooDeeply && !(error instanceof GrammarProblem)) return error;
  const problem = `\`${field}\` ${isNestedTooDeeply ? 'is nested too deeply' : error.message}`;
  return StowageError.of('REQ-210', { field, problem }, { location: field, cause: error });
}

function applyMask(logits: Float32Array, allowed: Uint32Array): void {
  for (const [index, word] of allowed.entries()) {
    const first = index * 32;
    if (word === 0) {
      logits.fill(-Infinity, first, first + 32);
      continue;
    }
    const end = Math.min(32, logits.length - first);
    for (let bit = 0; bit < end; bit += 1) {
      if (((word >>> bit) & 1) === 0) logits[first + bit] = -Infinity;
    }
  }
}

function readVocabulary(engine: Engine): Vocabulary {
  const nothing = new Uint8Array(0);
  const endTokens: number[] = [];
  const pieces: Uint8Array[] = [];
  for (let token = 0; token < engine.info.vocabularySize; token += 1) {
    const isEnd = engine.isEndOfGeneration(token);
    if (isEnd) endTokens.push(token);
    pieces.push(isEnd ? nothing : engine.piece(token));
  }
  return { order: new TokenOrder(pieces), endTokens };
}
