/**
 * A lane's waiting requests, and which of them goes next. First those whose answers were interrupted, in their order;
 * then by priority, account and key as `decide/fairness` says; of one key in the order they came.
 *
 * Every operation costs O(log n) of the accounts and keys that wait, and as many steps as there are priorities in use;
 * a place is the only thing that is made for a request. Nobody's share is remembered when nobody of its class waits.
 *
 * Never: a request in two places; a key that takes all of a full queue from another.
 */
import {
  finishTag,
  givesWay,
  type Holding,
  nextClass,
  occupancy,
  startTag,
  type WaitingClass,
} from '../decide/fairness/fair-share.js';
import type { Caller } from '../domain/inference.js';
import { type HeapEntry, IndexedHeap } from './indexed-heap.js';

/** Whose turn a request takes. */
export type QueueCaller = Pick<Caller, 'account' | 'key' | 'weight' | 'accountWeight'>;

/** Calls of our own, which name nobody. */
export const nobody: QueueCaller = { account: '', key: '', weight: 1, accountWeight: 1 };

/** Keys that are remembered, within one class, although none of their requests waits. */
const idleLinesMax = 1_000;

/** What can wait here; only the queue writes its place. */
interface Queueable<Item> {
  place: QueuePlace<Item> | null;
}

/** What waits, or was handed over from here; only the queue writes it. */
export class QueuePlace<Item> {
  previous: QueuePlace<Item> | null = null;
  next: QueuePlace<Item> | null = null;
  isWaiting = true;
  /** Its caller was charged for it. */
  isCharged = false;

  constructor(
    readonly item: Item,
    readonly line: KeyLine<Item>,
    /** Tokens it is expected to take. */
    readonly cost: number,
  ) {}
}

/** A share of the turns: an account's within its class, or a key's within its account. */
class Share implements HeapEntry {
  heapIndex = -1;
  start = 0;
  finish = 0;
  /** Breaks ties: who began to wait first. */
  order = 0;
  weight = 1;
}

function isEarlier(one: Share, other: Share): boolean {
  return one.start < other.start || (one.start === other.start && one.order < other.order);
}

/** One key's requests of one priority, in the order they came. */
class KeyLine<Item> extends Share {
  head: QueuePlace<Item> | null = null;
  tail: QueuePlace<Item> | null = null;

  constructor(
    readonly key: string,
    readonly account: AccountShare<Item>,
    readonly tenant: Tenant,
  ) {
    super();
  }
}

class AccountShare<Item> extends Share {
  readonly lines = new Map<string, KeyLine<Item>>();
  readonly waitingLines = new IndexedHeap<KeyLine<Item>>(isEarlier);
  virtualTime = 0;

  constructor(
    readonly account: string,
    readonly priorityClass: PriorityClass<Item>,
  ) {
    super();
  }
}

class PriorityClass<Item> implements WaitingClass {
  readonly accounts = new Map<string, AccountShare<Item>>();
  readonly waitingAccounts = new IndexedHeap<AccountShare<Item>>(isEarlier);
  virtualTime = 0;
  waiting = 0;
  passedOver = 0;
  lineCount = 0;

  constructor(readonly priority: number) {}
}

/** Places that a key or an account holds, over all classes. */
class Tenant implements HeapEntry, Holding {
  heapIndex = -1;
  waiting = 0;
  weight = 1;
  /** Of an account: its keys that hold places. */
  readonly keys = new Map<string, Tenant>();
  readonly fullest = new IndexedHeap<Tenant>(holdsMore);

  constructor(
    readonly id: string,
    /** Null = it is an account itself. */
    readonly account: Tenant | null,
  ) {}
}

function holdsMore(one: Tenant, other: Tenant): boolean {
  const difference = occupancy(one.waiting, one.weight) - occupancy(other.waiting, other.weight);
  return difference > 0 || (difference === 0 && one.id < other.id);
}

export class FairQueue<Item extends Queueable<Item>> {
  /** Highest priority first; only those in which something waits. */
  private readonly classes: PriorityClass<Item>[] = [];
  private readonly tenants = new Map<string, Tenant>();
  private readonly fullest = new IndexedHeap<Tenant>(holdsMore);
  private interruptedItems = new Set<Item>();
  private placeCount = 0;
  private pushes = 0;

  get size(): number {
    return this.interruptedItems.size + this.placeCount;
  }

  /** Interrupted answers, which go before all others; first come, first served. */
  get interrupted(): ReadonlySet<Item> {
    return this.interruptedItems;
  }

  /** All that waits: the interrupted ones, then by priority. */
  *[Symbol.iterator](): Generator<Item> {
    yield* this.interruptedItems;
    for (const { accounts } of this.classes) {
      for (const { lines } of accounts.values()) {
        for (const { head } of lines.values()) {
          for (let place = head; place !== null; place = place.next) yield place.item;
        }
      }
    }
  }

  /** Takes a place at the end of its caller's line. `cost`: tokens expected, > 0. */
  push(item: Item, caller: QueueCaller, priority: number, cost: number): void {
    const line = this.lineOf(caller, priority);
    const place = new QueuePlace(item, line, cost);
    place.previous = line.tail;
    if (line.tail === null) line.head = place;
    else line.tail.next = place;
    line.tail = place;
    if (line.heapIndex < 0) this.begin(line);
    line.account.priorityClass.waiting++;
    this.hold(line.tenant, 1);
    this.placeCount++;
    item.place = place;
  }

  /** Those go before all that waits, in their order. */
  putFirst(items: readonly Item[]): void {
    this.interruptedItems = new Set([...items, ...this.interruptedItems]);
  }

  /** One that waits for a certain copy, after those that were interrupted: it must not be in the way of others. */
  putAside(item: Item): void {
    this.interruptedItems.add(item);
  }

  has(item: Item): boolean {
    return item.place?.isWaiting === true || this.interruptedItems.has(item);
  }

  /** It waits no more, wherever it did; costs nobody anything. */
  delete(item: Item): void {
    this.interruptedItems.delete(item);
    if (item.place?.isWaiting === true) this.leave(item.place);
  }

  /** Who goes next of those that were not interrupted; nothing is changed by looking. */
  peek(): Item | null {
    return nextClass(this.classes)?.waitingAccounts.top?.waitingLines.top?.head?.item ?? null;
  }

  /** It is handed over: the one that `peek` gave, whose caller is charged for it, or an interrupted one. */
  take(item: Item): void {
    const { place } = item;
    if (place?.isWaiting === true) this.charge(place);
    this.delete(item);
  }

  private charge(place: QueuePlace<Item>): void {
    const { line, cost } = place;
    const { account } = line;
    const { priorityClass } = account;
    for (const one of this.classes) one.passedOver = one === priorityClass ? 0 : one.passedOver + 1;
    account.virtualTime = Math.max(account.virtualTime, line.start);
    priorityClass.virtualTime = Math.max(priorityClass.virtualTime, account.start);
    line.finish = finishTag(line.start, cost, line.weight);
    account.finish = finishTag(account.start, cost, account.weight);
    line.start = line.finish;
    account.start = account.finish;
    place.isCharged = true;
    account.waitingLines.moved(line);
    priorityClass.waitingAccounts.moved(account);
  }

  private leave(place: QueuePlace<Item>): void {
    place.isWaiting = false;
    const { line } = place;
    const { account } = line;
    const { priorityClass } = account;
    if (place.previous === null) line.head = place.next;
    else place.previous.next = place.next;
    if (place.next === null) line.tail = place.previous;
    else place.next.previous = place.previous;
    place.previous = null;
    place.next = null;
    this.placeCount--;
    this.hold(line.tenant, -1);
    if (line.head === null) {
      account.waitingLines.remove(line);
      if (account.waitingLines.size === 0) priorityClass.waitingAccounts.remove(account);
    }
    priorityClass.waiting--;
    if (priorityClass.waiting === 0) this.classes.splice(this.classes.indexOf(priorityClass), 1);
    else if (priorityClass.lineCount > idleLinesMax + priorityClass.waiting) forgetIdle(priorityClass);
  }

  /** What was handed over turned out to take so many tokens: its caller's next turn comes earlier or later for it. */
  settle({ place }: Item, tokens: number): void {
    if (place?.isCharged !== true) return;
    place.isCharged = false;
    const { line, cost } = place;
    const { account } = line;
    correct(line, tokens - cost);
    if (line.heapIndex >= 0) account.waitingLines.moved(line);
    correct(account, tokens - cost);
    if (account.heapIndex >= 0) account.priorityClass.waitingAccounts.moved(account);
  }

  /**
   * Who leaves a full queue so that this caller can have a place: the newest request of the key that holds most for its
   * weight, of its lowest priority. Null when that key is the caller's own and nothing of it is less urgent, or no key
   * holds more than its share.
   */
  givesWayTo(caller: QueueCaller, priority: number): Item | null {
    const account = this.fullest.top;
    const key = account?.fullest.top;
    if (account === undefined || key === undefined) return null;
    const own = this.tenants.get(caller.account);
    const ownKey = own?.keys.get(caller.key);
    const newest = this.newestOf(account.id, key.id);
    if (newest === null) return null;
    if (ownKey === key) return newest.line.account.priorityClass.priority < priority ? newest.item : null;
    const hasWay =
      own === account
        ? givesWay(key, { waiting: ownKey?.waiting ?? 0, weight: caller.weight })
        : givesWay(account, { waiting: own?.waiting ?? 0, weight: caller.accountWeight });
    return hasWay ? newest.item : null;
  }

  private newestOf(account: string, key: string): QueuePlace<Item> | null {
    for (let index = this.classes.length - 1; index >= 0; index--) {
      const tail = this.classes[index]!.accounts.get(account)?.lines.get(key)?.tail;
      if (tail !== undefined && tail !== null) return tail;
    }
    return null;
  }

  private lineOf(caller: QueueCaller, priority: number): KeyLine<Item> {
    const priorityClass = this.classOf(priority);
    let account = priorityClass.accounts.get(caller.account);
    if (account === undefined) {
      account = new AccountShare(caller.account, priorityClass);
      priorityClass.accounts.set(caller.account, account);
    }
    account.weight = caller.accountWeight;
    let line = account.lines.get(caller.key);
    // One that nobody waited in may know a tenant that has gone since.
    const tenant = this.tenantOf(caller);
    if (line === undefined || line.tenant !== tenant) {
      const before = line;
      line = new KeyLine(caller.key, account, tenant);
      line.finish = before?.finish ?? 0;
      if (before === undefined) priorityClass.lineCount++;
      account.lines.set(caller.key, line);
    }
    line.weight = caller.weight;
    return line;
  }

  private classOf(priority: number): PriorityClass<Item> {
    let index = 0;
    for (; index < this.classes.length; index++) {
      const one = this.classes[index]!;
      if (one.priority === priority) return one;
      if (one.priority < priority) break;
    }
    const made = new PriorityClass<Item>(priority);
    this.classes.splice(index, 0, made);
    return made;
  }

  private begin(line: KeyLine<Item>): void {
    const { account } = line;
    const { priorityClass } = account;
    line.start = startTag(account.virtualTime, line.finish);
    line.order = this.pushes++;
    account.waitingLines.push(line);
    if (account.heapIndex >= 0) return;
    account.start = startTag(priorityClass.virtualTime, account.finish);
    account.order = line.order;
    priorityClass.waitingAccounts.push(account);
  }

  private tenantOf({ account: accountId, key: keyId, weight, accountWeight }: QueueCaller): Tenant {
    let account = this.tenants.get(accountId);
    if (account === undefined) {
      account = new Tenant(accountId, null);
      this.tenants.set(accountId, account);
    }
    let key = account.keys.get(keyId);
    if (key === undefined) {
      key = new Tenant(keyId, account);
      account.keys.set(keyId, key);
    }
    account.weight = accountWeight;
    key.weight = weight;
    return key;
  }

  private hold(key: Tenant, places: 1 | -1): void {
    const account = key.account!;
    key.waiting += places;
    account.waiting += places;
    keepIn(account.fullest, key);
    keepIn(this.fullest, account);
    if (key.waiting === 0) account.keys.delete(key.id);
    if (account.waiting === 0) this.tenants.delete(account.id);
  }
}

function keepIn(heap: IndexedHeap<Tenant>, tenant: Tenant): void {
  if (tenant.waiting === 0) heap.remove(tenant);
  else if (tenant.heapIndex < 0) heap.push(tenant);
  else heap.moved(tenant);
}

function correct(share: Share, tokens: number): void {
  share.finish = finishTag(share.finish, tokens, share.weight);
  if (share.heapIndex >= 0) share.start = finishTag(share.start, tokens, share.weight);
}

/** Keys that were served lately begin with a clean slate; there are too many of them to remember. */
function forgetIdle<Item>(priorityClass: PriorityClass<Item>): void {
  for (const [id, account] of priorityClass.accounts) {
    for (const [key, line] of account.lines) {
      if (line.heapIndex >= 0) continue;
      account.lines.delete(key);
      priorityClass.lineCount--;
    }
    if (account.lines.size === 0) priorityClass.accounts.delete(id);
  }
}
