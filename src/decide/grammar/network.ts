/**
 * A grammar as states and edges: bytes lead from state to state, a call enters another rule's states and comes back.
 * What can never end, or would need bytes that no token has, is left out, so that every way through the network can be
 * completed.
 */
import { type Expression, type Grammar, GrammarProblem } from './expression.js';

/** States of one grammar, repetitions written out. */
const statesMax = 50_000;
/** Edges, calls and free links of all states, and alternatives looked at while they are made. */
const linksMax = 250_000;
/** Parts of rules looked at until it is known which of them can end, and which without a byte. */
const looksMax = 5_000_000;
/** Rules that are entered one within the other before a byte is read. */
const leftDepthMax = 2000;
/** What states and links take about, bytes. */
const stateBytes = 400;
const linkBytes = 48;

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
  /** What it takes, about. */
  readonly bytes: number;
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

/** Whether something holds for a rule, as far as is known. */
type Knows = (rule: string) => boolean;

class NetworkBuilder {
  private readonly states: NetworkState[] = [];
  private links = 0;
  private looks = 0;
  private readonly starts = new Map<string, number>();
  private readonly productive: ReadonlySet<string>;
  /** Whether an expression can end, once it is known of all rules. */
  private readonly ends = new Map<Expression, boolean>();
  /** Rules whose states are still to be made. */
  private readonly pending: string[] = [];

  constructor(
    private readonly grammar: Grammar,
    private readonly alphabet: Uint8Array,
  ) {
    this.productive = this.rulesThat((expression, knows) => this.canEnd(expression, knows));
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
    const bytes = this.states.length * stateBytes + this.links * linkBytes;
    return { start, states: this.states, bytes, ...this.byteClasses() };
  }

  private newState(): number {
    if (this.states.length >= statesMax) {
      throw new GrammarProblem(`is too large: it takes more than ${statesMax} states`);
    }
    return this.states.push({ edges: [], calls: [], free: [], isEnd: false }) - 1;
  }

  private countLinks(count: number): void {
    this.links += count;
    if (this.links > linksMax) {
      throw new GrammarProblem(`is too large: its states have more than ${linksMax} links`);
    }
  }

  private addFree(from: number, to: number): void {
    this.countLinks(1);
    this.states[from]!.free.push(to);
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
          this.countLinks(1);
          this.states[from]!.edges.push({ low, high, to });
        }
        return;
      case 'sequence':
        this.addSequence(expression.parts, from, to);
        return;
      case 'choice':
        this.countLinks(expression.options.length);
        for (const option of expression.options) if (this.mayEnd(option)) this.add(option, from, to);
        return;
      case 'repeat':
        this.addRepeat(expression, from, to);
        return;
      case 'rule':
        this.countLinks(1);
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
    if (parts.length === 0) this.addFree(from, to);
  }

  private addRepeat({ of, min, max }: Expression & { kind: 'repeat' }, from: number, to: number): void {
    let at = from;
    for (let count = 0; count < min; count += 1) {
      const next = this.newState();
      this.add(of, at, next);
      at = next;
    }
    if (!this.mayEnd(of)) {
      this.addFree(at, to);
      return;
    }
    if (max === null) {
      const loop = this.newState();
      this.addFree(at, loop);
      const again = this.newState();
      this.add(of, loop, again);
      this.addFree(again, loop);
      this.addFree(loop, to);
      return;
    }
    for (let count = min; count < max; count += 1) {
      this.addFree(at, to);
      const next = this.newState();
      this.add(of, at, next);
      at = next;
    }
    this.addFree(at, to);
  }

  private ruleNamed(name: string): Expression {
    const found = this.grammar.rules.get(name);
    if (found === undefined) throw new GrammarProblem(`has no rule \`${name}\``);
    return found;
  }

  /** The rules that something holds for, where it may hold because it holds for others. */
  private rulesThat(holds: (expression: Expression, knows: Knows) => boolean): ReadonlySet<string> {
    const known = new Set<string>();
    /** Rule → those to look at again when it is known. */
    const waiting = new Map<string, Set<string>>();
    const open = [...this.grammar.rules.keys()];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (known.has(name)) continue;
      const asking = name;
      const knows = (other: string): boolean => {
        if (known.has(other)) return true;
        const others = waiting.get(other);
        if (others === undefined) waiting.set(other, new Set([asking]));
        else others.add(asking);
        return false;
      };
      if (!holds(this.ruleNamed(name), knows)) continue;
      known.add(name);
      for (const other of waiting.get(name) ?? []) open.push(other);
      waiting.delete(name);
    }
    return known;
  }

  private mayEnd(expression: Expression): boolean {
    let ends = this.ends.get(expression);
    if (ends === undefined) {
      ends = this.canEnd(expression, (name) => this.productive.has(name));
      this.ends.set(expression, ends);
    }
    return ends;
  }

  private canEnd(expression: Expression, knows: Knows): boolean {
    this.countLook();
    switch (expression.kind) {
      case 'bytes':
        return this.writable(expression.ranges).length > 0;
      case 'sequence':
        return expression.parts.every((part) => this.canEnd(part, knows));
      case 'choice':
        return expression.options.some((option) => this.canEnd(option, knows));
      case 'repeat':
        return expression.min === 0 || this.canEnd(expression.of, knows);
      case 'rule':
        return knows(expression.name);
      default:
        return expression satisfies never;
    }
  }

  private isNullable(expression: Expression, knows: Knows): boolean {
    this.countLook();
    switch (expression.kind) {
      case 'bytes':
        return false;
      case 'sequence':
        return expression.parts.every((part) => this.isNullable(part, knows));
      case 'choice':
        return expression.options.some((option) => this.isNullable(option, knows));
      case 'repeat':
        return expression.min === 0 || this.isNullable(expression.of, knows);
      case 'rule':
        return knows(expression.name);
      default:
        return expression satisfies never;
    }
  }

  private countLook(): void {
    this.looks += 1;
    if (this.looks > looksMax)
      throw new GrammarProblem('has rules that depend on each other in too many ways');
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
    const nullable = this.rulesThat((expression, knows) => this.isNullable(expression, knows));
    const done = new Set<string>();
    const path = new Set<string>();
    const visit = (name: string): void => {
      if (done.has(name)) return;
      if (path.has(name)) {
        throw new GrammarProblem(`has the rule \`${name}\`, which calls itself before it reads anything`);
      }
      if (path.size >= leftDepthMax) {
        throw new GrammarProblem(`has more than ${leftDepthMax} rules that begin one with the other`);
      }
      path.add(name);
      const calls = new Set<string>();
      this.gatherLeftCalls(this.ruleNamed(name), (other) => nullable.has(other), calls);
      for (const next of calls) visit(next);
      path.delete(name);
      done.add(name);
    };
    for (const name of this.grammar.rules.keys()) visit(name);
  }

  /** Adds the rules that may be entered before a byte is read. True when the expression may end before one. */
  private gatherLeftCalls(expression: Expression, isNullable: Knows, calls: Set<string>): boolean {
    this.countLook();
    switch (expression.kind) {
      case 'bytes':
        return false;
      case 'sequence':
        return expression.parts.every((part) => this.gatherLeftCalls(part, isNullable, calls));
      case 'choice': {
        let mayBeEmpty = false;
        for (const option of expression.options) {
          if (this.gatherLeftCalls(option, isNullable, calls)) mayBeEmpty = true;
        }
        return mayBeEmpty;
      }
      case 'repeat':
        return this.gatherLeftCalls(expression.of, isNullable, calls) || expression.min === 0;
      case 'rule':
        calls.add(expression.name);
        return isNullable(expression.name);
      default:
        return expression satisfies never;
    }
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
