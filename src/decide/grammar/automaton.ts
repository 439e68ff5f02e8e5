/**
 * Runs a network byte by byte. A state of the automaton is the set of all ways through the network that agree with the
 * bytes so far; it is made when it is first reached and kept, so that the same place in an answer is looked at once.
 *
 * Bounds: a state that would need more than `waysMax` ways, or a call deeper than `depthMax`, counts as not
 * allowed. Beyond `statesMax` states it is full; its owner then
 * has all forgotten, and they are made anew as they are needed.
 */
import type { Network } from './network.js';

const waysMax = 2000;
const depthMax = 2000;
const statesMax = 4096;

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
  private bottom: Frame;
  private first: State;

  constructor(private readonly network: Network) {
    this.bottom = this.newBottom();
    this.first = this.newFirst();
  }

  get start(): AutomatonState {
    return this.first;
  }

  /** The state after one more byte; null when it may not come. `state` is one of this automaton's. */
  step(state: AutomatonState, byte: number): AutomatonState | null {
    const from = state as State;
    const kind = this.network.classOf[byte]!;
    const known = from.next[kind];
    if (known !== undefined) return known;
    const next = this.reach(from, byte);
    from.next[kind] = next;
    return next;
  }

  /** Many states are kept; `tidy` makes room. */
  get isFull(): boolean {
    return this.states.size > statesMax;
  }

  /** Forgets all states, between tokens. Returns what stands for this one from now on. */
  tidy(state: AutomatonState): AutomatonState {
    this.states = new Map();
    this.bottom = this.newBottom();
    this.first = this.newFirst();
    const { ways, isAccepting } = state as State;
    return new State(ways, isAccepting, this.network.classCount);
  }

  private newBottom(): Frame {
    return { id: this.frames++, back: -1, below: null, depth: 0, above: new Map() };
  }

  private newFirst(): State {
    const gathering = new Gathering(this.network, () => this.frames++);
    gathering.add(this.network.start, this.bottom);
    return this.stateOf(gathering)!;
  }

  private reach(from: State, byte: number): State | null {
    const gathering = new Gathering(this.network, () => this.frames++);
    for (const { state, frame } of from.ways) {
      for (const { low, high, to } of this.network.states[state]!.edges) {
        if (low <= byte && byte <= high) gathering.add(to, frame);
      }
    }
    return this.stateOf(gathering);
  }

  private stateOf({ ways, isAccepting, isTooLarge }: Gathering): State | null {
    if (isTooLarge || (ways.length === 0 && !isAccepting)) return null;
    const names = ways.map(({ state, frame }) => `${state}.${frame.id}`).sort();
    const name = `${isAccepting ? '!' : ''}${names.join(',')}`;
    let state = this.states.get(name);
    if (state === undefined) {
      state = new State(ways, isAccepting, this.network.classCount);
      this.states.set(name, state);
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
    private readonly nextFrameId: () => number,
  ) {}

  add(first: number, bottom: Frame): void {
    const open: Way[] = [{ state: first, frame: bottom }];
    for (let way = open.pop(); way !== undefined; way = open.pop()) {
      const { state, frame } = way;
      const name = `${state}.${frame.id}`;
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      if (this.seen.size > waysMax * 4 || this.ways.length > waysMax) {
        this.isTooLarge = true;
        return;
      }
      const { edges, calls, free, isEnd } = this.network.states[state]!;
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
    let above = frame.above.get(back);
    if (above === undefined) {
      if (frame.depth >= depthMax) this.isTooLarge = true;
      above = { id: this.nextFrameId(), back, below: frame, depth: frame.depth + 1, above: new Map() };
      frame.above.set(back, above);
    }
    return above;
  }

  private onlyEnds(state: number): boolean {
    const { edges, calls, free } = this.network.states[state]!;
    return edges.length + calls.length + free.length === 0;
  }
}
