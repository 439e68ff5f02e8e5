/**
 * A lane's waiting requests, and which of them goes next. First those whose answers were interrupted, in their order;
 * then by priority, account and key as `decide/fairness` says; of one key in the order they came.
 *
 * Every operation costs O(log n) of the accounts and keys that wait, and as many steps as there are priorities in use;
 * a place is the only thing that is made for a request. Nobody's share is remembered when nobody of its class waits.
 *
 * Never: a request in two places; a key that takes all of a full queue from another.
 */
import { finishTag, givesWay, nextClass, startTag } from '../decide/fairness/fair-share.js';
import type { Caller } from '../domain/inference.js';
import { IndexedHeap } from './indexed-heap.js';
import {
  AccountShare,
  holdsMore,
  KeyLine,
  PriorityClass,
  QueuePlace,
  type Share,
  Tenant,
} from './queue-shares.js';

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

export class FairQueue<Item extends Queueable<Item>> {
  /** Highest priority first; only those in which something waits. */
  private readonly classes: PriorityClass<Item>[] = [];
  private readonly tenants = new Map<string, Tenant<Item>>();
  private readonly fullest = new IndexedHeap<Tenant<Item>>(holdsMore);
  /** Also those that were put aside. */
  private interruptedItems = new Set<Item>();
  private lineUp = 0;
  private pushes = 0;

  get size(): number {
    return this.interruptedItems.size + this.lineUp;
  }

  /** How many wait for their turn, at whichever copy has room first. */
  get inTurn(): number {
    return this.lineUp;
  }

  /** Interrupted answers, which go before all others, and then what was put aside; first come, first served. */
  get interrupted(): ReadonlySet<Item> {
    return this.interruptedItems;
  }

  /** All that waits: the interrupted ones, then by priority. */
  *[Symbol.iterator](): Generator<Item> {
    yield* this.interruptedItems;
    for (const { accounts } of this.classes) {
      for (const { lines } of accounts.values()) {
        for (const { places } of lines.values()) {
          for (let place = places.head; place !== null; place = place.next) yield place.item;
        }
      }
    }
  }

  /** Takes a place at the end of its caller's line. `cost`: tokens expected, > 0. */
  push(item: Item, caller: QueueCaller, priority: number, cost: number): void {
    const line = this.lineOf(caller, priority);
    const place = new QueuePlace(item, this.tenantOf(caller), line, priority, cost);
    line.places.append(place);
    if (line.heapIndex < 0) this.begin(line);
    line.account.priorityClass.waiting++;
    this.hold(place.tenant, 1);
    this.lineUp++;
    item.place = place;
  }

  /** Those go before all that waits, in their order. */
  putFirst(items: readonly Item[]): void {
    this.interruptedItems = new Set([...items, ...this.interruptedItems]);
  }

  /**
   * One that waits for a certain copy, after those that were interrupted: it must not be in the way of others. Its
   * caller holds a place for it as for any other. One that waited for its turn leaves its line.
   */
  putAside(item: Item, caller: QueueCaller, priority: number): void {
    this.delete(item);
    const place = new QueuePlace(item, this.tenantOf(caller), null, priority, 0);
    place.tenant.aside.append(place);
    this.hold(place.tenant, 1);
    this.interruptedItems.add(item);
    item.place = place;
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
    return nextClass(this.classes)?.waitingAccounts.top?.waitingLines.top?.places.head?.item ?? null;
  }

  /** It is handed over: the one that `peek` gave, whose caller is charged for it, or an interrupted one. */
  take(item: Item): void {
    const { place } = item;
    if (place?.isWaiting === true && place.line !== null) this.charge(place, place.line);
    this.delete(item);
  }

  private charge(place: QueuePlace<Item>, line: KeyLine<Item>): void {
    const { cost } = place;
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
    const { line, tenant } = place;
    this.hold(tenant, -1);
    if (line === null) tenant.aside.remove(place);
    else this.leaveLine(place, line);
  }

  private leaveLine(place: QueuePlace<Item>, line: KeyLine<Item>): void {
    const { account } = line;
    const { priorityClass } = account;
    line.places.remove(place);
    this.lineUp--;
    if (line.places.head === null) {
      account.waitingLines.remove(line);
      if (account.waitingLines.size === 0) priorityClass.waitingAccounts.remove(account);
    }
    priorityClass.waiting--;
    if (priorityClass.waiting === 0) this.classes.splice(this.classes.indexOf(priorityClass), 1);
    else if (priorityClass.lineCount > idleLinesMax + priorityClass.waiting) forgetIdle(priorityClass);
  }

  /** What was handed over turned out to take so many tokens: its caller's next turn comes earlier or later for it. */
  settle({ place }: Item, tokens: number): void {
    if (place?.isCharged !== true || place.line === null) return;
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
    const newest = this.newestOf(account.id, key);
    if (newest === null) return null;
    if (ownKey === key) return newest.priority < priority ? newest.item : null;
    const hasWay =
      own === account
        ? givesWay(key, { waiting: ownKey?.waiting ?? 0, weight: caller.weight })
        : givesWay(account, { waiting: own?.waiting ?? 0, weight: caller.accountWeight });
    return hasWay ? newest.item : null;
  }

  private newestOf(account: string, { id: key, aside }: Tenant<Item>): QueuePlace<Item> | null {
    for (let index = this.classes.length - 1; index >= 0; index--) {
      const { accounts, priority } = this.classes[index]!;
      if (aside.tail !== null && aside.tail.priority < priority) break;
      const tail = accounts.get(account)?.lines.get(key)?.places.tail;
      if (tail !== undefined && tail !== null) return tail;
    }
    return aside.tail;
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
    if (line === undefined) {
      line = new KeyLine(caller.key, account);
      priorityClass.lineCount++;
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

  private tenantOf({ account: accountId, key: keyId, weight, accountWeight }: QueueCaller): Tenant<Item> {
    let account = this.tenants.get(accountId);
    if (account === undefined) {
      account = new Tenant<Item>(accountId, null);
      this.tenants.set(accountId, account);
    }
    let key = account.keys.get(keyId);
    if (key === undefined) {
      key = new Tenant<Item>(keyId, account);
      account.keys.set(keyId, key);
    }
    account.weight = accountWeight;
    key.weight = weight;
    return key;
  }

  private hold(key: Tenant<Item>, places: 1 | -1): void {
    const account = key.account!;
    key.waiting += places;
    account.waiting += places;
    keepIn(account.fullest, key);
    keepIn(this.fullest, account);
    if (key.waiting === 0) account.keys.delete(key.id);
    if (account.waiting === 0) this.tenants.delete(account.id);
  }
}

function keepIn<Item>(heap: IndexedHeap<Tenant<Item>>, tenant: Tenant<Item>): void {
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
