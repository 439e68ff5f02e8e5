/**
 * The engine's KV sequences ("slots"): who is in which, and which beginnings of earlier requests the free ones keep.
 *
 * A slot is used (by one request) or free; a free one keeps the whole blocks of tokens that it last held until somebody
 * needs it, and then they move to another free slot or to RAM, or go. A request that comes takes over the longest
 * beginning that anybody holds. Prefixes are copied by `saveSequence` and `restoreSequence`, which take effect at once
 * and cost by the cells in use. Where what is saved is not the whole (`savesWhole`), nothing is copied or moved.
 *
 * Never: two requests in one slot; a prefix reused whose tokens or adapter are not the request's; a change while a step
 * is computed.
 */
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import { blockTokens, commonBlocks, extendHashes } from '../decide/prefix/block-hashes.js';
import { chooseSlot, findMove } from '../decide/prefix/choose-slot.js';
import { chooseLeader, chooseSource } from '../decide/prefix/choose-source.js';
import type { PrefixCacheCounts } from '../domain/copy.js';
import { PrefixIndex } from './prefix-index.js';
import { PrefixRam, type StoredState } from './prefix-ram.js';
import type { Sequence } from './sequence.js';

export interface SlotParts {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Beginnings are kept and reused; false = each request is computed whole. */
  readonly isCaching: boolean;
  readonly ramBytesMax: number;
}

/** One that is being computed, and how many of its tokens another request waits for. */
export interface Leader {
  readonly sequence: Sequence;
  readonly tokens: number;
}

interface Slot {
  readonly number: number;
  user: Sequence | null;
  /** What it keeps while it is free. */
  tokens: Int32Array;
  lastUsedAt: number;
  /** What it holds, as bytes, while several requests may want to copy it between two steps. */
  image: Uint8Array | null;
}

interface Found {
  readonly holder: Slot | StoredState;
  readonly tokens: number;
}

const noTokens = new Int32Array(0);

export class SlotTable {
  private readonly slots: readonly Slot[];
  private readonly index = new PrefixIndex<object>();
  private readonly ram: PrefixRam;
  /** Hashes of the whole blocks of a request's tokens. */
  private readonly hashes = new WeakMap<Sequence, number[]>();
  private lookups = 0;
  private hits = 0;
  private promptTokens = 0;
  private cachedTokens = 0;
  private evictions = 0;
  private restored = 0;
  /** Milliseconds, of the last sequence that moved; 0 before. */
  private copyMsPerCell = 0;

  constructor(private readonly parts: SlotParts) {
    const { engine, clock, ramBytesMax } = parts;
    this.slots = Array.from({ length: engine.info.sequencesMax }, (_, number) => {
      return { number, user: null, tokens: noTokens, lastUsedAt: 0, image: null };
    });
    this.ram = new PrefixRam(this.index, clock, engine.savesWhole ? ramBytesMax : 0);
  }

  get freeCount(): number {
    return this.slots.reduce((count, { user }) => count + (user === null ? 1 : 0), 0);
  }

  /** Null where nothing is cached. */
  counts(): PrefixCacheCounts | null {
    if (!this.parts.isCaching) return null;
    return {
      lookups: this.lookups,
      hits: this.hits,
      promptTokens: this.promptTokens,
      cachedTokens: this.cachedTokens,
      evictions: this.evictions + this.ram.evictions,
      savedToRam: this.ram.saved,
      restoredFromRam: this.restored,
      ramBytes: this.ram.bytes,
    };
  }

  /** Whom a request that is about to come in would better wait for, once; null = nobody. */
  leaderFor(sequence: Sequence): Leader | null {
    const { isCaching, engine } = this.parts;
    if (!isCaching || !engine.savesWhole) return null;
    const hashes = this.hashesOf(sequence);
    const blocksMax = reusableBlocks(sequence);
    const computed = this.slots.flatMap(({ user }) => user ?? []).filter((user) => user.prefillRemaining > 0);
    const promised = computed.map(
      (user) => Math.min(commonBlocks(hashes, this.hashesOf(user)), blocksMax) * blockTokens,
    );
    const known = this.index.longest(hashes, blocksMax)?.blocks ?? 0;
    const leader = computed[chooseLeader(known * blockTokens, promised)];
    return leader === undefined ? null : { sequence: leader, tokens: promised[computed.indexOf(leader)]! };
  }

  /** Gives the request a free slot, filled with the longest beginning that is known. There must be a free one. */
  admit(sequence: Sequence): void {
    const now = this.parts.clock.now();
    const found = this.parts.isCaching ? this.find(sequence) : null;
    const inSlot = found !== null && 'number' in found.holder && found.holder.user === null;
    const place = inSlot ? { slot: (found.holder as Slot).number, tokens: found.tokens } : null;
    const views = this.slots.map(({ user, tokens, lastUsedAt }) => {
      return { isUsed: user !== null, tokens: tokens.length, lastUsedAt };
    });
    const slot = this.slots[chooseSlot(views, place, now)]!;
    const reused = this.fill(slot, found, now);
    slot.user = sequence;
    slot.tokens = noTokens;
    sequence.slot = slot.number;
    sequence.computed = reused;
    this.note(sequence);
    this.countLookup(sequence, Math.min(reused, sequence.promptLength));
  }

  /** To be called when more of a request has been computed. */
  note(sequence: Sequence): void {
    if (!this.parts.isCaching) return;
    const slot = this.slots[sequence.slot]!;
    slot.image = null;
    this.index.set(slot, this.hashesOf(sequence), Math.floor(sequence.computed / blockTokens));
  }

  /** The request leaves; what was computed of it is kept in whole blocks. */
  release(sequence: Sequence): void {
    this.note(sequence);
    const slot = this.slots[sequence.slot]!;
    sequence.slot = -1;
    slot.user = null;
    slot.image = null;
    slot.lastUsedAt = this.parts.clock.now();
    const blocks = this.index.blocksOf(slot).length;
    if (blocks === 0 || this.index.unsharedBlocks(slot) === 0) {
      this.clear(slot);
      return;
    }
    slot.tokens = Int32Array.from({ length: blocks * blockTokens }, (_, at) => sequence.tokenAt(at));
    this.parts.engine.forget(slot.number, slot.tokens.length);
  }

  /** Moves the request of the highest slot into a gap below it, if there is one and `isWorthIt` agrees. */
  closeGap(
    isWorthIt: (sequence: Sequence, copyMsPerCell: number) => boolean,
    onMove: (sequence: Sequence) => void,
  ): void {
    const { engine, clock } = this.parts;
    const isMovable = engine.isCuttable && engine.savesWhole;
    const move = isMovable ? findMove(this.slots.map(({ user }) => user !== null)) : null;
    if (move === null) return;
    const [from, to] = [this.slots[move.from]!, this.slots[move.to]!];
    const sequence = from.user!;
    if (!isWorthIt(sequence, this.copyMsPerCell)) return;
    onMove(sequence);
    const beganAt = clock.now();
    const state = engine.saveSequence(from.number);
    this.displace(to);
    if (!engine.restoreSequence(to.number, state)) return;
    this.copyMsPerCell = (clock.now() - beganAt) / Math.max(1, sequence.computed);
    to.user = sequence;
    sequence.slot = to.number;
    from.user = null;
    this.clear(from);
    this.note(sequence);
  }

  /** To be called before a step: what it computes changes what slots hold. */
  dropImages(): void {
    for (const slot of this.slots) slot.image = null;
  }

  /** Before the engine sleeps, with nobody in: the most valuable goes to RAM as far as there is room. */
  empty(): void {
    const latestFirst = [...this.slots].sort((a, b) => b.lastUsedAt - a.lastUsedAt || a.number - b.number);
    for (const slot of latestFirst) {
      if (slot.tokens.length > 0 && !this.storeInRam(slot)) this.evictions++;
      this.clear(slot);
    }
  }

  private find(sequence: Sequence): Found | null {
    const longest = this.index.longest(this.hashesOf(sequence), reusableBlocks(sequence));
    if (longest === null) return null;
    const tokens = longest.blocks * blockTokens;
    const holders = (longest.holders as readonly (Slot | StoredState)[]).filter((holder) =>
      isSame(holder, sequence, tokens),
    );
    const { savesWhole } = this.parts.engine;
    const costs = holders.map((holder) => {
      if (!('number' in holder)) return { cells: holder.tokens.length, isInRam: true };
      if (!savesWhole) return { cells: holder.user === null ? 0 : Infinity, isInRam: false };
      return { cells: holder.user?.computed ?? holder.tokens.length, isInRam: holder.image !== null };
    });
    const holder = holders[chooseSource(costs, tokens)];
    return holder === undefined ? null : { holder, tokens };
  }

  /** Makes a free slot hold the beginning that was found, and nothing more. Returns its tokens. */
  private fill(slot: Slot, found: Found | null, now: number): number {
    const { engine } = this.parts;
    if (found?.holder === slot) {
      if (found.tokens * 2 < slot.tokens.length) this.rescue(slot);
      engine.forget(slot.number, found.tokens);
      return found.tokens;
    }
    const state = found === null || !this.parts.engine.savesWhole ? null : this.stateOf(found.holder);
    this.displace(slot);
    if (found === null || state === null || !engine.restoreSequence(slot.number, state)) return 0;
    engine.forget(slot.number, found.tokens);
    found.holder.lastUsedAt = now;
    if (!('number' in found.holder)) this.restored++;
    return found.tokens;
  }

  private stateOf(holder: Slot | StoredState): Uint8Array {
    if (!('number' in holder)) return holder.state;
    holder.image ??= this.parts.engine.saveSequence(holder.number);
    return holder.image;
  }

  private displace(slot: Slot): void {
    this.rescue(slot);
    this.clear(slot);
  }

  /** Moves what a free slot keeps to an empty slot or to RAM, unless others hold it, too. */
  private rescue(slot: Slot): void {
    if (slot.tokens.length === 0 || this.index.unsharedBlocks(slot) === 0) return;
    if (this.moveToEmptySlot(slot) || this.storeInRam(slot)) return;
    this.evictions++;
  }

  private moveToEmptySlot(slot: Slot): boolean {
    const { engine } = this.parts;
    if (!engine.savesWhole) return false;
    const empty = this.slots.findLast(({ user, tokens }) => user === null && tokens.length === 0);
    if (empty === undefined || !engine.restoreSequence(empty.number, this.stateOf(slot))) return false;
    empty.tokens = slot.tokens;
    empty.lastUsedAt = slot.lastUsedAt;
    this.index.set(empty, this.index.blocksOf(slot));
    return true;
  }

  private storeInRam(slot: Slot): boolean {
    return this.ram.store({
      tokens: slot.tokens,
      hashes: this.index.blocksOf(slot),
      unshared: this.index.unsharedBlocks(slot) * blockTokens,
      lastUsedAt: slot.lastUsedAt,
      save: () => this.stateOf(slot),
    });
  }

  private clear(slot: Slot): void {
    this.parts.engine.forget(slot.number, 0);
    this.index.remove(slot);
    slot.tokens = noTokens;
    slot.image = null;
  }

  private hashesOf(sequence: Sequence): readonly number[] {
    let hashes = this.hashes.get(sequence);
    if (hashes === undefined) {
      hashes = [];
      this.hashes.set(sequence, hashes);
    }
    extendHashes(hashes, (position) => sequence.tokenAt(position), sequence.length, sequence.adapter);
    return hashes;
  }

  private countLookup(sequence: Sequence, cached: number): void {
    if (!this.parts.isCaching) return;
    this.lookups++;
    this.hits += cached > 0 ? 1 : 0;
    this.promptTokens += sequence.promptLength;
    this.cachedTokens += cached;
    sequence.noteCached(cached);
  }
}

/** At least its last token must be computed. */
function reusableBlocks(sequence: Sequence): number {
  return Math.floor((sequence.length - 1) / blockTokens);
}

function isSame(holder: Slot | StoredState, sequence: Sequence, tokens: number): boolean {
  const user = 'number' in holder ? holder.user : null;
  for (let at = 0; at < tokens; at++) {
    const held = user === null ? holder.tokens[at] : user.tokenAt(at);
    if (held !== sequence.tokenAt(at)) return false;
  }
  return true;
}
