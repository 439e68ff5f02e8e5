/**
 * Prefixes that had to leave the KV cache, as bytes in RAM: at most `bytesMax` of them. What stays and what goes is
 * decided by `decide/prefix/keep-prefix.ts`; every prefix that goes is counted.
 */
import type { Clock } from '../contracts/clock.js';
import { type KeepDecision, keepPrefix, type NewPrefix } from '../decide/prefix/keep-prefix.js';
import type { PrefixIndex } from './prefix-index.js';

/** A prefix in RAM. */
export interface StoredState {
  readonly tokens: Int32Array;
  readonly state: Uint8Array;
  lastUsedAt: number;
}

/** What shall be stored, and how its bytes are had. */
export interface PrefixToStore {
  readonly tokens: Int32Array;
  readonly hashes: readonly number[];
  /** Its last tokens, which nobody else holds. */
  readonly unshared: number;
  readonly lastUsedAt: number;
  readonly save: () => Uint8Array;
}

/** Each costs an entry in lists that are walked. */
const prefixesMax = 4096;

export class PrefixRam {
  bytes = 0;
  evictions = 0;
  saved = 0;
  private entries: StoredState[] = [];
  /** Of the last state saved; 0 before the first. */
  private bytesPerToken = 0;

  constructor(
    private readonly index: PrefixIndex<object>,
    private readonly clock: Clock,
    private readonly bytesMax: number,
  ) {}

  /** Stores the prefix where it is worth it; says whether it did. */
  store(prefix: PrefixToStore): boolean {
    const { tokens, unshared, lastUsedAt } = prefix;
    if (this.bytesMax === 0) return false;
    const wanted = { tokens: tokens.length, unshared, lastUsedAt };
    const guessedBytes = Math.ceil(tokens.length * this.bytesPerToken);
    const beginnings = this.beginningsOf(prefix.hashes);
    const others = this.entries.filter((entry) => !beginnings.has(entry));
    if (!this.decide({ ...wanted, bytes: guessedBytes }, others).isKept) return false;
    const state = prefix.save();
    this.bytesPerToken = state.length / tokens.length;
    const decision = this.decide({ ...wanted, bytes: state.length }, others);
    if (!decision.isKept) return false;
    for (const entry of beginnings) this.remove(entry);
    for (const entry of decision.evicted.map((place) => others[place]!)) {
      this.remove(entry);
      this.evictions++;
    }
    const entry = { tokens, state, lastUsedAt };
    this.entries.push(entry);
    this.index.set(entry, prefix.hashes);
    this.bytes += state.length;
    this.saved++;
    return true;
  }

  private decide(wanted: NewPrefix, entries: readonly StoredState[]): KeepDecision {
    const stored = entries.map(({ tokens, state, lastUsedAt }) => {
      return { tokens: tokens.length, bytes: state.length, lastUsedAt };
    });
    const limits = { bytesMax: this.bytesMax, prefixesMax };
    return keepPrefix(wanted, stored, limits, this.clock.now());
  }

  /** A longer prefix has all that a shorter one of the same tokens has. */
  private beginningsOf(hashes: readonly number[]): ReadonlySet<StoredState> {
    const isBeginning = (entry: StoredState) => {
      const blocks = this.index.blocksOf(entry);
      return blocks.length <= hashes.length && blocks.at(-1) === hashes[blocks.length - 1];
    };
    return new Set(this.entries.filter(isBeginning));
  }

  private remove(entry: StoredState): void {
    this.entries = this.entries.filter((other) => other !== entry);
    this.index.remove(entry);
    this.bytes -= entry.state.length;
  }
}
