/**
 * A grammar as states and edges: bytes lead from state to state, a call enters another rule's states and comes back.
 * What can never end, or would need bytes that no token has, is left out, so that every way through the network can be
 * completed.
 */
import { type Expression, type Grammar, GrammarProblem } from './expression.js';

/** States of one grammar, repetitions written out. */
const statesMax = 50_000;
/** Times that all rules are looked through until nothing new is found. */
const passesMax = 64;

export interface ByteEdge {
  readonly low: number;
  readonly high: number;
  readonly to: number;
}

export interface Call {
  /** The rule's first state. */
  readonly start: number;
  readonly back: number;
}

export interface Network {
  readonly start: number;
  readonly states: readonly NetworkState[];
  /** Byte → its class: bytes of one class lead to the same places everywhere. */
  readonly classOf: Uint8Array;
  readonly classCount: number;
}

export interface NetworkState {
  readonly edges: ByteEdge[];
  readonly calls: Call[];
  /** States reached without a byte. */
  readonly free: number[];
  /** A rule ends here. */
  isEnd: boolean;
}

/**
 * `alphabet`: 256 entries, 1 for bytes that can be written. Throws GrammarProblem for a grammar that is too large, that
 * matches nothing, or that calls itself before it reads a byte.
 */
export function buildNetwork(grammar: Grammar, alphabet: Uint8Array): Network {
  return new NetworkBuilder(grammar, alphabet).build();
}

class NetworkBuilder {
  private readonly states: NetworkState[] = [];
  private readonly starts = new Map<string, number>();
  private readonly productive: ReadonlySet<string>;
  /** Rules whose states are still to be made. */
  private readonly pending: string[] = [];

  constructor(
    private readonly grammar: Grammar,
    private readonly alphabet: Uint8Array,
  ) {
    this.productive = this.rulesThat((expression, known) => this.canEnd(expression, known));
  }

  build(): Network {
    const { root } = this.grammar;
    if (!this.productive.has(root)) {
      throw new GrammarProblem('allows nothing that the model’s tokens can spell');
    }
    this.refuseLeftRecursion();
    const start = this.startOf(root);
    for (let name = this.pending.pop(); name !== undefined; name = this.pending.pop()) {
      const end = this.newState();
      this.states[end]!.isEnd = true;
      this.add(this.ruleNamed(name), this.startOf(name), end);
    }
    return { start, states: this.states, ...this.byteClasses() };
  }

  private newState(): number {
    if (this.states.length >= statesMax) {
      throw new GrammarProblem(`is too large: it takes more than ${statesMax} states`);
    }
    return this.states.push({ edges: [], calls: [], free: [], isEnd: false }) - 1;
  }

  private startOf(name: string): number {
    let start = this.starts.get(name);
    if (start === undefined) {
      start = this.newState();
      this.starts.set(name, start);
      this.pending.push(name);
    }
    return start;
  }

  private add(expression: Expression, from: number, to: number): void {
    switch (expression.kind) {
      case 'bytes':
        for (const [low, high] of this.writable(expression.ranges)) {
          this.states[from]!.edges.push({ low, high, to });
        }
        return;
      case 'sequence':
        this.addSequence(expression.parts, from, to);
        return;
      case 'choice':
        for (const option of expression.options) {
          if (this.canEnd(option, this.productive)) this.add(option, from, to);
        }
        return;
      case 'repeat':
        this.addRepeat(expression, from, to);
        return;
      case 'rule':
        this.states[from]!.calls.push({ start: this.startOf(expression.name), back: to });
        return;
      default:
        expression satisfies never;
    }
  }

  private addSequence(parts: readonly Expression[], from: number, to: number): void {
    let at = from;
    for (const [index, part] of parts.entries()) {
      const next = index === parts.length - 1 ? to : this.newState();
      this.add(part, at, next);
      at = next;
    }
    if (parts.length === 0) this.states[from]!.free.push(to);
  }

  private addRepeat({ of, min, max }: Expression & { kind: 'repeat' }, from: number, to: number): void {
    let at = from;
    for (let count = 0; count < min; count += 1) {
      const next = this.newState();
      this.add(of, at, next);
      at = next;
    }
    if (!this.canEnd(of, this.productive)) {
      this.states[at]!.free.push(to);
      return;
    }
    if (max === null) {
      const loop = this.newState();
      this.states[at]!.free.push(loop);
      const again = this.newState();
      this.add(of, loop, again);
      this.states[again]!.free.push(loop);
      this.states[loop]!.free.push(to);
      return;
    }
    for (let count = min; count < max; count += 1) {
      this.states[at]!.free.push(to);
      const next = this.newState();
      this.add(of, at, next);
      at = next;
    }
    this.states[at]!.free.push(to);
  }

  private ruleNamed(name: string): Expression {
    const found = this.grammar.rules.get(name);
    if (found === undefined) throw new GrammarProblem(`has no rule \`${name}\``);
    return found;
  }

  /** The rules that something holds for, where it may hold because it holds for others. */
  private rulesThat(
    holds: (expression: Expression, known: ReadonlySet<string>) => boolean,
  ): ReadonlySet<string> {
    const known = new Set<string>();
    const rules = [...this.grammar.rules].reverse();
    for (let pass = 0; pass < passesMax; pass += 1) {
      const before = known.size;
      for (const [name, expression] of rules)
        if (!known.has(name) && holds(expression, known)) known.add(name);
      if (known.size === before) return known;
    }
    throw new GrammarProblem('has rules that depend on each other in too many steps');
  }

  private canEnd(expression: Expression, known: ReadonlySet<string>): boolean {
    switch (expression.kind) {
      case 'bytes':
        return this.writable(expression.ranges).length > 0;
      case 'sequence':
        return expression.parts.every((part) => this.canEnd(part, known));
      case 'choice':
        return expression.options.some((option) => this.canEnd(option, known));
      case 'repeat':
        return expression.min === 0 || this.canEnd(expression.of, known);
      case 'rule':
        return known.has(expression.name);
      default:
        return expression satisfies never;
    }
  }

  private writable(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
    const kept: (readonly [number, number])[] = [];
    for (const [low, high] of ranges) {
      let from = low;
      for (let byte = low; byte <= high + 1; byte += 1) {
        if (byte <= high && this.alphabet[byte] === 1) continue;
        if (from < byte) kept.push([from, byte - 1]);
        from = byte + 1;
      }
    }
    return kept;
  }

  private refuseLeftRecursion(): void {
    const nullable = this.rulesThat(isNullable);
    const done = new Set<string>();
    const path = new Set<string>();
    const visit = (name: string): void => {
      if (done.has(name)) return;
      if (path.has(name)) {
        throw new GrammarProblem(`has the rule \`${name}\`, which calls itself before it reads anything`);
      }
      if (path.size > 5000) throw new GrammarProblem('has rules that call each other too deeply');
      path.add(name);
      for (const next of leftCalls(this.ruleNamed(name), nullable)) visit(next);
      path.delete(name);
      done.add(name);
    };
    visit(this.grammar.root);
    for (const name of this.grammar.rules.keys()) visit(name);
  }

  private byteClasses(): Pick<Network, 'classOf' | 'classCount'> {
    const begins = new Uint8Array(257);
    for (const { edges } of this.states) {
      for (const { low, high } of edges) {
        begins[low] = 1;
        begins[high + 1] = 1;
      }
    }
    const classOf = new Uint8Array(256);
    let last = 0;
    for (let byte = 1; byte < 256; byte += 1) {
      if (begins[byte] === 1) last += 1;
      classOf[byte] = last;
    }
    return { classOf, classCount: last + 1 };
  }
}

function isNullable(expression: Expression, known: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'bytes':
      return false;
    case 'sequence':
      return expression.parts.every((part) => isNullable(part, known));
    case 'choice':
      return expression.options.some((option) => isNullable(option, known));
    case 'repeat':
      return expression.min === 0 || isNullable(expression.of, known);
    case 'rule':
      return known.has(expression.name);
    default:
      return expression satisfies never;
  }
}

/** Rules that may be entered before a byte is read. */
function leftCalls(expression: Expression, nullable: ReadonlySet<string>): readonly string[] {
  switch (expression.kind) {
    case 'bytes':
      return [];
    case 'sequence': {
      const calls: string[] = [];
      for (const part of expression.parts) {
        calls.push(...leftCalls(part, nullable));
        if (!isNullable(part, nullable)) break;
      }
      return calls;
    }
    case 'choice':
      return expression.options.flatMap((option) => leftCalls(option, nullable));
    case 'repeat':
      return leftCalls(expression.of, nullable);
    case 'rule':
      return [expression.name];
    default:
      return expression satisfies never;
  }
}
