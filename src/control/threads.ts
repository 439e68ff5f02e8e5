/** Who computes, and how many threads each copy should have for it: each host's cores are divided among its copies. */
import type { ThreadUser } from '../decide/placement/divide-threads.js';
import { divideThreads } from '../decide/placement/divide-threads.js';
import { CopyState } from '../domain/copy.js';
import { recordKey, type CopyRecord } from '../domain/record.js';
import type { Desk, Turn } from './desk.js';
import type { StoredOf } from './state-view.js';

/** A copy counts as busy until it was idle so long: pauses between requests move no threads. Milliseconds. */
const busyLingerMs = 1_000;

type StoredCopy = StoredOf<CopyRecord>;
type UsersByHost = ReadonlyMap<string, readonly StoredCopy[]>;

/** Divides threads anew on hosts where copies came, went, began to work or stopped. */
export class Threads {
  private readonly changed = new Set<string>();
  private gathered: { readonly turn: Turn; readonly users: UsersByHost } | null = null;

  constructor(private readonly desk: Desk) {}

  /** A copy came or went. */
  note(copy: CopyRecord): void {
    const host = this.hostOf(copy);
    if (host !== null) this.changed.add(host);
  }

  /** Notes which copies have work at this moment, and tells those whose share has changed. */
  share(turn: Turn): void {
    const { desk } = this;
    for (const [key, notes] of desk.copies.all()) {
      const { report } = notes;
      if (report !== null && report.running + report.waiting > 0) notes.busyAt = turn.now;
      const isBusy = turn.now - notes.busyAt < busyLingerMs;
      if (isBusy === notes.isBusy && notes.threads > 0) continue;
      notes.isBusy = isBusy;
      const record = desk.state.get(key)?.value;
      if (record?.kind === 'copy') this.note(record);
    }
    if (this.changed.size === 0) return;
    const users = this.usersByHost(turn);
    for (const host of this.changed) this.tell(turn, host, users.get(host) ?? []);
    this.changed.clear();
  }

  /** Threads for a copy that is about to be started. */
  ofNewcomer(turn: Turn, copy: CopyRecord): number {
    const host = this.hostOf(copy);
    const users = host === null ? [] : (this.usersByHost(turn).get(host) ?? []);
    return divideThreads(users.map(userOf(this.desk)), this.coresOf(turn, host)).get(recordKey(copy)) ?? 1;
  }

  private tell(turn: Turn, host: string, copies: readonly StoredCopy[]): void {
    const { desk } = this;
    const shares = divideThreads(copies.map(userOf(desk)), this.coresOf(turn, host));
    for (const { key, value: record } of copies) {
      const notes = desk.copies.of(key);
      const threads = shares.get(key) ?? notes.threads;
      if (threads === notes.threads || !turn.seen.has(key)) continue;
      desk.fleet.setThreads(record.copy, threads);
      notes.threads = threads;
    }
  }

  /** Gathered once, when the turn's decisions are written. */
  private usersByHost(turn: Turn): UsersByHost {
    if (this.gathered?.turn === turn) return this.gathered.users;
    const users = new Map<string, StoredCopy[]>();
    for (const stored of this.desk.state.copies()) {
      const { key, value: copy } = stored;
      const host = this.hostOf(copy);
      if (host === null || copy.wish === 'end') continue;
      if (turn.seen.get(key)?.state === CopyState.Exited) continue;
      const mine = users.get(host);
      if (mine === undefined) users.set(host, [stored]);
      else mine.push(stored);
    }
    this.gathered = { turn, users };
    return users;
  }

  private hostOf(copy: CopyRecord): string | null {
    return this.desk.state.instance(copy.instance)?.host ?? null;
  }

  private coresOf(turn: Turn, host: string | null): number {
    const cores = turn.snapshot.hosts.find(({ id }) => id === host)?.cpus ?? 1;
    return Math.max(1, Math.floor(Math.min(cores, this.desk.limits.coresMax)));
  }
}

function userOf(desk: Desk): (copy: StoredCopy) => ThreadUser {
  return ({ key, value }) => ({ id: key, weight: value.resources.cpus, isBusy: desk.copies.of(key).isBusy });
}
