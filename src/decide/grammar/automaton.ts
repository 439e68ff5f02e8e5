/**
 * Runs a network byte by byte. A state of the automaton is the set of all ways through the network that agree with the
 * bytes so far; it is made when it is first reached and kept, so that the same place in an answer is looked at once.
 *
 * Bounds: a state that would need more than `waysMax` ways, or a call deeper than `depthMax`, counts as not allowed.
 * What is kept is counted in `bytes`; beyond `bytesMax` it is full, and its owner has all forgotten, to be made anew as it
 * is needed. The work of one question ends at `workMax`.
 */
import { GrammarProblem } from './expression.js';
import type { Network } from './network.js';

const waysMax = 2000;
const depthMax = 2000;
/** Ways and links looked at for one question. */
const workMax = 400_000;
const bytesMax = 12 * 1024 * 1024;
/** What states without their ways, ways and frames take about, bytes. */
const stateBytes = 300;
const wayBytes = 72;
const frameBytes = 256;

/** Calls that are open, the innermost first. */
interface Frame {
  readonly id: number;
  /** State of the network to go on in; -1 at the bottom. */
  readonly back: number;
  readonly below: Frame | null;
  readonly depth: number;
  /** Frames directly above. */
  readonly above: Map<number, Frame>;
}

interface Way {
  readonly state: number;
  readonly frame: Frame;
}

export interface AutomatonState {
  /** The answer may end here. */
  readonly isAccepting: boolean;
  /** No byte may follow. */
  readonly isLast: boolean;
  /** Which tokens may come next, a bit each; kept here by who works it out. */
  allowed: Uint32Array | null;
}

class State implements AutomatonState {
  allowed: Uint32Array | null = null;
  /** Class of byte → the state it leads to; null = none, undefined = not looked at yet. */
  readonly next: (State | null | undefined)[];

  constructor(
    readonly ways: readonly Way[],
    readonly isAccepting: boolean,
    classCount: number,
    /** How often all had been forgotten when it was made. */
    readonly age: number,
  ) {
    this.next = new Array<State | null | undefined>(classCount);
  }

  get isLast(): boolean {
    return this.ways.length === 0;
  }
}

export class Automaton {
  private states = new Map<string, State>();
  private frames = 0;
  private age = 0;
  /** What states and frames take about, bytes. */
  private kept = 0;
  /** Since the question began. */
  private work = 0;
  private bottom = this.newFrame(-1, null);
  private first: State;

  /** Throws GrammarProblem. */
  constructor(private readonly network: Network) {
    this.first = this.newFirst();
  }

  get start(): AutomatonState {
    return this.first;
  }

  /** A new question begins. */
  beginWork(): void {
    this.work = 0;
  }

  /**
   * The state after one more byte; null when it may not come. `state` is one of this automaton's. Throws GrammarProblem
   * when the question takes more than `workMax`.
   */
  step(state: AutomatonState, byte: number): AutomatonState | null {
    const from = state as State;
    const kind = this.network.classOf[byte]!;
    const known = from.next[kind];
    if (known !== undefined) return known;
    const next = this.reach(from, byte);
    from.next[kind] = next;
    return next;
  }

  /** About how many it takes, without its network. */
  get bytes(): number {
    return this.kept;
  }

  /** Much is kept; `forget` makes room. */
  get isFull(): boolean {
    return this.kept > bytesMax;
  }

  /** Between tokens. States of before must go through `renewed`. */
  forget(): void {
    this.age += 1;
    this.kept = 0;
    this.states = new Map();
    this.bottom = this.newFrame(-1, null);
    this.work = 0;
    this.first = this.newFirst();
  }

  /** What stands for this state, of whatever age, from now on. */
  renewed(state: AutomatonState): AutomatonState {
    const old = state as State;
    if (old.age === this.age) return old;
    const frames = new Map<Frame, Frame>();
    const ways = old.ways.map(({ state: at, frame }) => ({
      state: at,
      frame: this.renewedFrame(frame, frames),
    }));
    return this.stateWith(ways, old.isAccepting);
  }

  private renewedFrame(frame: Frame, known: Map<Frame, Frame>): Frame {
    const open: Frame[] = [];
    let at: Frame = frame;
    while (at.below !== null && !known.has(at)) {
      open.push(at);
      at = at.below;
    }
    let now = known.get(at) ?? this.bottom;
    for (let old = open.pop(); old !== undefined; old = open.pop()) {
      now = this.above(now, old.back);
      known.set(old, now);
    }
    return now;
  }

  /** The frame of a call from that one. */
  private above(frame: Frame, back: number): Frame {
    let above = frame.above.get(back);
    if (above === undefined) {
      above = this.newFrame(back, frame);
      frame.above.set(back, above);
    }
    return above;
  }

  private newFrame(back: number, below: Frame | null): Frame {
    this.kept += frameBytes;
    return { id: this.frames++, back, below, depth: (below?.depth ?? -1) + 1, above: new Map() };
  }

  private newFirst(): State {
    const gathering = this.newGathering();
    gathering.add(this.network.start, this.bottom);
    return this.stateOf(gathering)!;
  }

  private newGathering(): Gathering {
    return new Gathering(
      this.network,
      (frame, back) => this.above(frame, back),
      (count) => this.addWork(count),
    );
  }

  private addWork(count: number): void {
    this.work += count;
    if (this.work > workMax) throw new GrammarProblem('can go on in too many ways at once');
  }

  private reach(from: State, byte: number): State | null {
    const gathering = this.newGathering();
    for (const { state, frame } of from.ways) {
      const { edges } = this.network.states[state]!;
      this.addWork(edges.length);
      for (const { low, high, to } of edges) {
        if (low <= byte && byte <= high) gathering.add(to, frame);
      }
    }
    return this.stateOf(gathering);
  }

  private stateOf({ ways, isAccepting, isTooLarge }: Gathering): State | null {
    if (isTooLarge || (ways.length === 0 && !isAccepting)) return null;
    return this.stateWith(ways, isAccepting);
  }

  private stateWith(ways: readonly Way[], isAccepting: boolean): State {
    const names = ways.map(({ state, frame }) => `${state}.${frame.id}`).sort();
    const name = `${isAccepting ? '!' : ''}${names.join(',')}`;
    let state = this.states.get(name);
    if (state === undefined) {
      const { classCount } = this.network;
      state = new State(ways, isAccepting, classCount, this.age);
      this.states.set(name, state);
      this.kept += stateBytes + classCount * 8 + ways.length * wayBytes;
    }
    return state;
  }
}

/** All ways that are reached without a further byte. */
class Gathering {
  readonly ways: Way[] = [];
  isAccepting = false;
  isTooLarge = false;
  private readonly seen = new Set<string>();

  constructor(
    private readonly network: Network,
    private readonly above: (frame: Frame, back: number) => Frame,
    private readonly addWork: (count: number) => void,
  ) {}

  add(first: number, bottom: Frame): void {
    const open: Way[] = [{ state: first, frame: bottom }];
    for (let way = open.pop(); way !== undefined; way = open.pop()) {
      const { state, frame } = way;
      const name = `${state}.${frame.id}`;
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      if (this.isTooLarge || this.seen.size > waysMax * 4 || this.ways.length > waysMax) {
        this.isTooLarge = true;
        return;
      }
      const { edges, calls, free, isEnd } = this.network.states[state]!;
      this.addWork(1 + calls.length + free.length);
      if (edges.length > 0) this.ways.push(way);
      for (const to of free) open.push({ state: to, frame });
      for (const { start, back } of calls) open.push({ state: start, frame: this.enter(frame, back) });
      if (!isEnd) continue;
      if (frame.below === null) this.isAccepting = true;
      else open.push({ state: frame.back, frame: frame.below });
    }
  }

  /** The frame of a call; none is needed where the caller only ends afterwards. */
  private enter(frame: Frame, back: number): Frame {
    if (this.network.states[back]!.isEnd && this.onlyEnds(back)) return frame;
    if (frame.depth >= depthMax) this.isTooLarge = true;
    return this.isTooLarge ? frame : this.above(frame, back);
  }

  private onlyEnds(state: number): boolean {
    const { edges, calls, free } = this.network.states[state]!;
    return edges.length + calls.length + free.length === 0;
  }
}
