/**
 * Which metrics there are: by key, in the order of keys, and whose they are. Bounded: all together, those of callers'
 * own namespaces together, and those of each account. When there is no room, what was written longest ago goes.
 */
import { isOwnNamespace, type MetricIdentity, metricKeyPrefix } from './metric.js';
import { type Scope, scopeKey } from './scope.js';

/** What was written within this gives no room to others, milliseconds. */
const silentMs = 3_600_000;
/** What was not written for so long is listed no more, and gives room to others of its account, milliseconds. */
const listedMs = 14 * 86_400_000;
/** Metrics that are chosen at once to go, one after the other as room is needed. */
const victimsMax = 4_096;
/** Between two looks for such when all that there were are gone, milliseconds. */
const lookMs = 10_000;

export interface RegisteredMetric {
  readonly metric: MetricIdentity;
  /** When it was written last, wall clock. */
  readonly lastAt: number;
}

export interface MetricBounds {
  /** In all; callers' own namespaces have half of it. */
  readonly max: number;
  /** Of the callers' own namespaces of one account. */
  readonly perAccountMax: number;
}

interface Walk {
  readonly scope: Scope;
  readonly namespace?: string | undefined;
  readonly metricName?: string | undefined;
  /** Only keys after this one. */
  readonly after?: string | undefined;
}

/** Metrics to go, the longest silent last. */
interface Victims<M> {
  readonly metrics: [key: string, metric: M][];
  readonly lookedAt: number;
}

export class MetricRegister<M extends RegisteredMetric> {
  private readonly byKey = new Map<string, M>();
  private readonly scopes = new Map<string, SortedKeys>();
  /** Metrics of callers' own namespaces, by account. */
  private readonly ofCallers = new Map<string, number>();
  private callers = 0;
  private readonly victims = new Map<string, Victims<M>>();

  constructor(private readonly bounds: MetricBounds) {}

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): M | undefined {
    return this.byKey.get(key);
  }

  all(): Iterable<readonly [key: string, metric: M]> {
    return this.byKey;
  }

  add(key: string, metric: M): void {
    this.byKey.set(key, metric);
    const { scope } = metric.metric;
    let keys = this.scopes.get(scopeKey(scope));
    if (keys === undefined) this.scopes.set(scopeKey(scope), (keys = new SortedKeys()));
    keys.add(key);
    this.count(metric, 1);
  }

  delete(key: string): void {
    const metric = this.byKey.get(key);
    if (metric === undefined) return;
    this.byKey.delete(key);
    this.scopes.get(scopeKey(metric.metric.scope))?.forget(this.byKey);
    this.count(metric, -1);
  }

  clear(): void {
    for (const map of [this.byKey, this.scopes, this.ofCallers, this.victims]) map.clear();
    this.callers = 0;
  }

  /** In the order of keys. */
  *walk({ scope, namespace, metricName, after }: Walk): Iterable<readonly [key: string, metric: M]> {
    const keys = this.scopes.get(scopeKey(scope));
    if (keys === undefined) return;
    // A name without a namespace may be anywhere.
    const prefix = metricKeyPrefix(scope, namespace, namespace === undefined ? undefined : metricName);
    for (const key of keys.from(prefix, after, this.byKey)) {
      const found = this.byKey.get(key);
      if (found === undefined) continue;
      if (metricName === undefined || found.metric.metricName === metricName) yield [key, found];
    }
  }

  /** What has to go, and is gone, before this metric is added; null = there is no room for it. */
  makeRoom({ scope, namespace }: MetricIdentity, now: number): readonly M[] | null {
    const { account } = scope;
    const isOwn = isOwnNamespace(namespace);
    const gone: M[] = [];
    const isGoing = (of: string, forMs: number, isMeant: (metric: M) => boolean) => {
      const one = this.takeLongestSilent(of, now - forMs, now, isMeant);
      if (one !== null) gone.push(one);
      return one !== null;
    };
    const isOfAccount = (one: M) => isOfCaller(one) && one.metric.scope.account === account;
    if (!isOwn && (this.ofCallers.get(account) ?? 0) >= this.bounds.perAccountMax) {
      if (!isGoing(`account ${account}`, listedMs, isOfAccount)) return null;
    }
    if (!isOwn && this.callers >= this.callersMax()) {
      if (!isGoing('callers', silentMs, isOfCaller)) return null;
    }
    if (this.size < this.bounds.max || isGoing('all', silentMs, () => true)) return gone;
    return isOwn && isGoing('callers now', 0, isOfCaller) ? gone : null;
  }

  /** How many more metrics of its own namespaces an account may have. */
  roomOf(account: string, now: number): number {
    const count = this.ofCallers.get(account) ?? 0;
    let [ofAccount, ofAll] = [this.bounds.perAccountMax - count, this.callersMax() - this.callers];
    if (Math.min(ofAccount, ofAll) > this.bounds.perAccountMax / 2) return Math.min(ofAccount, ofAll);
    for (const one of this.byKey.values()) {
      if (!isOfCaller(one)) continue;
      if (one.lastAt < now - silentMs) ofAll++;
      if (one.metric.scope.account === account && one.lastAt < now - listedMs) ofAccount++;
    }
    return Math.min(ofAccount, ofAll);
  }

  private callersMax(): number {
    return Math.max(1, Math.floor(this.bounds.max / 2));
  }

  private count(metric: M, change: 1 | -1): void {
    if (!isOfCaller(metric)) return;
    const { account } = metric.metric.scope;
    const count = (this.ofCallers.get(account) ?? 0) + change;
    if (count > 0) this.ofCallers.set(account, count);
    else this.ofCallers.delete(account);
    this.callers += change;
  }

  /** `of` names who is meant. Looks through all at once for many, as room is needed for many at once. */
  private takeLongestSilent(
    of: string,
    before: number,
    now: number,
    isMeant: (metric: M) => boolean,
  ): M | null {
    for (let victims = this.victims.get(of); ; this.victims.set(of, victims)) {
      for (let last = victims?.metrics.pop(); last !== undefined; last = victims?.metrics.pop()) {
        const [key, metric] = last;
        if (this.byKey.get(key) !== metric || metric.lastAt > before) continue;
        this.delete(key);
        return metric;
      }
      const waitedMs = now - (victims?.lookedAt ?? -Infinity);
      if (waitedMs >= 0 && waitedMs < lookMs) return null;
      victims = this.look(before, now, isMeant);
      if (victims.metrics.length === 0) {
        this.victims.set(of, victims);
        return null;
      }
    }
  }

  private look(before: number, now: number, isMeant: (metric: M) => boolean): Victims<M> {
    const found: [string, M][] = [];
    for (const [key, metric] of this.byKey) {
      if (metric.lastAt <= before && isMeant(metric)) found.push([key, metric]);
    }
    found.sort(([, a], [, b]) => a.lastAt - b.lastAt);
    // There are more: the next look need not wait.
    const lookedAt = found.length > victimsMax ? -Infinity : now;
    return { metrics: found.slice(0, victimsMax).reverse(), lookedAt };
  }
}

function isOfCaller({ metric }: RegisteredMetric): boolean {
  return !isOwnNamespace(metric.namespace);
}

/** Keys in order, some of which may be gone. What was added since they were walked last is sorted in when they are again. */
class SortedKeys {
  private sorted: readonly string[] = [];
  private added: string[] = [];
  private gone = 0;

  add(key: string): void {
    this.added.push(key);
  }

  /** One is no more in `there`. */
  forget(there: ReadonlyMap<string, unknown>): void {
    this.gone++;
    if (this.gone > 1_000 && this.gone > (this.sorted.length + this.added.length) / 2) this.settle(there);
  }

  /** Those that begin with the prefix, and come after that one. */
  *from(prefix: string, after: string | undefined, there: ReadonlyMap<string, unknown>): Iterable<string> {
    if (this.added.length > 0) this.settle(there);
    const { sorted } = this;
    const begin = after === undefined || after < prefix ? prefix : after;
    for (let index = firstNotBefore(sorted, begin); index < sorted.length; index++) {
      const key = sorted[index]!;
      if (!key.startsWith(prefix)) return;
      if (key !== after) yield key;
    }
  }

  private settle(there: ReadonlyMap<string, unknown>): void {
    const added = this.added.sort();
    const all: string[] = [];
    let next = 0;
    const take = (key: string) => {
      if (all.at(-1) !== key && (this.gone === 0 || there.has(key))) all.push(key);
    };
    for (const key of this.sorted) {
      while (next < added.length && added[next]! <= key) take(added[next++]!);
      take(key);
    }
    while (next < added.length) take(added[next++]!);
    this.sorted = all;
    this.added = [];
    this.gone = 0;
  }
}

function firstNotBefore(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
