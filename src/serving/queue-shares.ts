/**
 * What a lane's queue is made of: the places that requests hold, and the shares of turns and of the queue itself that
 * their callers have. Only the queue writes any of it.
 */
import { type Holding, occupancy, type WaitingClass } from '../decide/fairness/fair-share.js';
import { type HeapEntry, IndexedHeap } from './indexed-heap.js';

/** What waits, or was handed over from here. */
export class QueuePlace<Item> {
  previous: QueuePlace<Item> | null = null;
  next: QueuePlace<Item> | null = null;
  isWaiting = true;
  /** Its caller was charged for it. */
  isCharged = false;

  constructor(
    readonly item: Item,
    /** Whose part of the queue it is, while it waits. */
    readonly tenant: Tenant<Item>,
    /** Where it waits for its turn; null = it waits for a certain copy, and has no turns. */
    readonly line: KeyLine<Item> | null,
    readonly priority: number,
    /** Tokens it is expected to take. */
    readonly cost: number,
  ) {}
}

/** Places in the order they were taken; any of them may leave. */
class PlaceRow<Item> {
  head: QueuePlace<Item> | null = null;
  tail: QueuePlace<Item> | null = null;

  append(place: QueuePlace<Item>): void {
    place.previous = this.tail;
    if (this.tail === null) this.head = place;
    else this.tail.next = place;
    this.tail = place;
  }

  remove(place: QueuePlace<Item>): void {
    if (place.previous === null) this.head = place.next;
    else place.previous.next = place.next;
    if (place.next === null) this.tail = place.previous;
    else place.next.previous = place.previous;
    place.previous = null;
    place.next = null;
  }
}

/** A share of the turns: an account's within its class, or a key's within its account. */
export class Share implements HeapEntry {
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
export class KeyLine<Item> extends Share {
  readonly places = new PlaceRow<Item>();

  constructor(
    readonly key: string,
    readonly account: AccountShare<Item>,
  ) {
    super();
  }
}

export class AccountShare<Item> extends Share {
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

export class PriorityClass<Item> implements WaitingClass {
  readonly accounts = new Map<string, AccountShare<Item>>();
  readonly waitingAccounts = new IndexedHeap<AccountShare<Item>>(isEarlier);
  virtualTime = 0;
  waiting = 0;
  passedOver = 0;
  lineCount = 0;

  constructor(readonly priority: number) {}
}

/** Places that a key or an account holds, over all classes, those that wait for a certain copy among them. */
export class Tenant<Item> implements HeapEntry, Holding {
  heapIndex = -1;
  waiting = 0;
  weight = 1;
  /** Of a key: what waits for a certain copy. */
  readonly aside = new PlaceRow<Item>();
  /** Of an account: its keys that hold places. */
  readonly keys = new Map<string, Tenant<Item>>();
  readonly fullest = new IndexedHeap<Tenant<Item>>(holdsMore);

  constructor(
    readonly id: string,
    /** Null = it is an account itself. */
    readonly account: Tenant<Item> | null,
  ) {}
}

export function holdsMore<Item>(one: Tenant<Item>, other: Tenant<Item>): boolean {
  const difference = occupancy(one.waiting, one.weight) - occupancy(other.waiting, other.weight);
  return difference > 0 || (difference === 0 && one.id < other.id);
}
