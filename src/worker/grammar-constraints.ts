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
import { buildNetwork } from '../decide/grammar/network.js';
import { TokenOrder } from '../decide/grammar/token-order.js';
import { type ToolFormat } from '../decide/grammar/tool-calls.js';
import { StowageError } from '../domain/errors.js';
import type { Constraint } from '../domain/inference.js';

/** Grammars that are kept for answers to come. */
const grammarsMax = 32;
/** Bytes that the sets of tokens of one grammar take. */
const setBytesMax = 8 * 1024 * 1024;

/** One grammar at work, for all answers that must fit it. */
interface Compiled {
  readonly automaton: Automaton;
  /** Sets of tokens that were worked out since all were forgotten. */
  setCount: number;
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
    if (this.compiled.size > grammarsMax) {
      const [oldest] = this.compiled.keys();
      this.compiled.delete(oldest!);
    }
    return new GrammarConstraint(compiled, this.vocabulary);
  }

  private compile(constraint: Constraint, { order }: Vocabulary): Compiled {
    try {
      const network = buildNetwork(grammarOf(constraint, this.format), order.alphabet);
      return { automaton: new Automaton(network), setCount: 0 };
    } catch (error) {
      if (!(error instanceof GrammarProblem)) throw error;
      const { field } = constraint;
      const problem = `\`${field}\` ${error.message}`;
      throw StowageError.of('REQ-210', { field, problem }, { location: field, cause: error });
    }
  }
}

class GrammarConstraint implements TokenConstraint {
  /** Null after a token that may not come, which only another worker can have chosen. */
  private state: AutomatonState | null;

  constructor(
    private readonly compiled: Compiled,
    private readonly vocabulary: Vocabulary,
  ) {
    this.state = compiled.automaton.start;
  }

  get isOver(): boolean {
    return this.state !== null && this.state.isAccepting && this.state.isLast;
  }

  mask(logits: Float32Array): boolean {
    const { state } = this;
    if (state === null) return false;
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
    const { automaton } = this.compiled;
    this.state = this.vocabulary.order.after(automaton, this.state, token);
    const setsMax = setBytesMax / (this.vocabulary.order.wordCount * 4);
    if (this.state === null || (!automaton.isFull && this.compiled.setCount < setsMax)) return;
    this.state = automaton.tidy(this.state);
    this.compiled.setCount = 0;
  }

  private allowedIn(state: AutomatonState): Uint32Array {
    if (state.allowed === null) {
      state.allowed = this.vocabulary.order.allowedIn(this.compiled.automaton, state);
      this.compiled.setCount += 1;
    }
    return state.allowed;
  }
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
