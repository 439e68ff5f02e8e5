import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passedOverMax } from '../decide/fairness/fair-share.js';
import { FairQueue, type QueueCaller } from './fair-queue.js';
import type { QueuePlace } from './queue-shares.js';

const caller = (key: string, weight = 1, account = 'a', accountWeight = 1): QueueCaller => ({
  account,
  key,
  weight,
  accountWeight,
});

class Named {
  place: QueuePlace<Named> | null = null;

  constructor(readonly name: string) {}
}

class NamedQueue extends FairQueue<Named> {
  add(name: string, who: QueueCaller, priority: number, cost: number): Named {
    const item = new Named(name);
    this.push(item, who, priority, cost);
    return item;
  }
}

function takeNext(queue: NamedQueue): string | null {
  const item = queue.peek();
  if (item === null) return null;
  queue.take(item);
  return item.name;
}

function takeAll(queue: NamedQueue): string[] {
  const taken: string[] = [];
  for (let item = takeNext(queue); item !== null; item = takeNext(queue)) taken.push(item);
  return taken;
}

describe('the fair queue', () => {
  it('keeps the order of one key', () => {
    const queue = new NamedQueue();
    for (const item of ['1', '2', '3']) queue.add(item, caller('k'), 0, 10);
    expect(takeAll(queue)).toEqual(['1', '2', '3']);
    expect(queue.size).toBe(0);
  });

  it('gives keys turns by their weights, and accounts before keys', () => {
    const queue = new NamedQueue();
    for (let index = 0; index < 40; index++) {
      queue.add('a1', caller('k1', 1, 'a'), 0, 10);
      queue.add('a2', caller('k2', 3, 'a'), 0, 10);
      queue.add('b', caller('k3', 1, 'b', 2), 0, 10);
    }
    const first = Array.from({ length: 48 }, () => takeNext(queue));
    const count = (item: string) => first.filter((one) => one === item).length;
    expect(count('a1') + count('a2')).toBe(16);
    expect(count('b')).toBe(32);
    expect(count('a1')).toBe(4);
  });

  it('counts tokens rather than requests, and what they really were', () => {
    const queue = new NamedQueue();
    for (let index = 0; index < 200; index++) {
      queue.add('honest', caller('k1'), 0, 100);
      queue.add('understated', caller('k2'), 0, 100);
    }
    let [honest, understated] = [0, 0];
    for (let index = 0; index < 120; index++) {
      const place = queue.peek()!;
      queue.take(place);
      const tokens = place.name === 'honest' ? 100 : 300;
      queue.settle(place, tokens);
      if (place.name === 'honest') honest += tokens;
      else understated += tokens;
    }
    expect(understated / honest).toBeGreaterThan(0.9);
    expect(understated / honest).toBeLessThan(1.1);
  });

  it('goes strictly by priority, but lets every class have its turn within the bound', () => {
    const queue = new NamedQueue();
    for (let index = 0; index < 100; index++) queue.add('high', caller('k'), 5, 1);
    queue.add('low', caller('k'), -5, 1);
    queue.add('lower', caller('j'), -50, 1);
    const order = takeAll(queue);
    expect(order.slice(0, passedOverMax)).toEqual(new Array(passedOverMax).fill('high'));
    expect(order.indexOf('low')).toBeLessThan(passedOverMax + 2);
    expect(order.indexOf('lower')).toBeLessThan(passedOverMax + 2);
  });

  it('asks for a place of the key that holds most for its weight, and of nobody else', () => {
    const queue = new NamedQueue();
    const places = Array.from({ length: 8 }, (_, index) => queue.add(`f${index}`, caller('flood'), 0, 1));
    queue.add('s0', caller('small'), 0, 1);
    expect(queue.givesWayTo(caller('new'), 0)).toBe(places[7]);
    expect(queue.givesWayTo(caller('flood'), 0)).toBeNull();
    expect(queue.givesWayTo(caller('flood'), 1)).toBe(places[7]);
    for (const place of places.slice(3)) queue.delete(place);
    // 3 and 1: with one place more the small one would have 2, the other 2.
    expect(queue.givesWayTo(caller('small'), 0)).toBe(places[2]);
    queue.delete(places[2]!);
    expect(queue.givesWayTo(caller('small'), 0)).toBeNull();
  });

  it('counts what waits for a certain copy as its caller’s, and asks for that place too', () => {
    const queue = new NamedQueue();
    const aside = Array.from({ length: 4 }, (_, index) => new Named(`s${index}`));
    for (const item of aside.slice(1)) queue.putAside(item, caller('bound'), 0);
    queue.push(aside[0]!, caller('bound'), 5, 1);
    expect([queue.size, queue.inTurn]).toEqual([4, 1]);
    queue.putAside(aside[0]!, caller('bound'), 5);
    expect([queue.size, queue.inTurn]).toEqual([4, 0]);
    expect(queue.givesWayTo(caller('new'), 0)).toBe(aside[0]);
    queue.delete(aside[0]!);
    expect(queue.givesWayTo(caller('new'), 0)).toBe(aside[3]);
    expect(queue.givesWayTo(caller('bound'), 0)).toBeNull();
    const line = queue.add('l0', caller('bound'), 0, 1);
    expect(queue.givesWayTo(caller('new'), 0)).toBe(line);
    for (const item of [line, ...aside.slice(1, 3)]) queue.take(item);
    expect(queue.givesWayTo(caller('new'), 0)).toBeNull();
    queue.take(aside[3]!);
    expect([queue.size, [...queue]]).toEqual([0, []]);
  });

  it('puts right what a flying request took although its key had nothing in the queue meanwhile', () => {
    const queue = new NamedQueue();
    // Somebody else keeps the class, and the account, alive.
    for (let index = 0; index < 20; index++) queue.add('other', caller('other'), 0, 10);
    takeNext(queue);
    const flying = queue.add('short', caller('k'), 0, 10);
    queue.take(flying);
    queue.add('next', caller('k'), 0, 10);
    queue.settle(flying, 100);
    expect(takeAll(queue).indexOf('next')).toBeGreaterThan(8);
  });

  it('loses and doubles nothing, whoever leaves when; shares are as the weights say', () => {
    const step = fc.record({
      kind: fc.constantFrom('push', 'push', 'take', 'leave', 'settle'),
      key: fc.integer({ min: 0, max: 4 }),
      account: fc.integer({ min: 0, max: 2 }),
      priority: fc.integer({ min: -1, max: 1 }),
      cost: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new NamedQueue();
        const waiting = new Map<string, Named>();
        const taken: Named[] = [];
        let made = 0;
        for (const { kind, key, account, priority, cost } of steps) {
          const who = caller(`k${key}`, 1 + key, `a${account}`, 1 + account);
          if (kind === 'push') {
            const item = `i${made++}`;
            waiting.set(item, queue.add(item, who, priority, cost));
          } else if (kind === 'take') {
            const place = queue.peek();
            expect(place === null).toBe(waiting.size === 0);
            if (place === null) continue;
            queue.take(place);
            expect(waiting.delete(place.name)).toBe(true);
            taken.push(place);
          } else if (kind === 'leave') {
            const [item] = [...waiting.keys()].slice(cost % Math.max(1, waiting.size));
            if (item === undefined) continue;
            queue.delete(waiting.get(item)!);
            waiting.delete(item);
          } else if (taken.length > 0) queue.settle(taken.pop()!, cost);
          expect(queue.size).toBe(waiting.size);
        }
        expect([...queue].map(({ name }) => name).sort()).toEqual([...waiting.keys()].sort());
        expect(takeAll(queue).sort()).toEqual([...waiting.keys()].sort());
      }),
      { numRuns: 300 },
    );
  });
});

interface Arrival {
  readonly at: number;
  readonly who: QueueCaller;
  readonly serviceMs: number;
}

class Arrived {
  place: QueuePlace<Arrived> | null = null;

  constructor(readonly arrival: Arrival) {}
}

/** Slots that take `serviceMs` each, fed by whoever arrives; waits by key, milliseconds. */
function waitsOf(arrivals: readonly Arrival[], slots: number): Map<string, number[]> {
  const queue = new FairQueue<Arrived>();
  const freeAt = new Array<number>(slots).fill(0);
  const waits = new Map(arrivals.map(({ who }): [string, number[]] => [who.key, []]));
  let next = 0;
  let now = 0;
  for (;;) {
    freeAt.sort((one, other) => one - other);
    const firstFree = Math.max(now, freeAt[0]!);
    now = queue.size > 0 ? firstFree : Math.max(firstFree, arrivals[next]?.at ?? Infinity);
    if (now === Infinity) return waits;
    for (; next < arrivals.length && arrivals[next]!.at <= now; next++) {
      const arrival = arrivals[next]!;
      queue.push(new Arrived(arrival), arrival.who, 0, arrival.serviceMs);
    }
    const item = queue.peek();
    if (item === null) continue;
    queue.take(item);
    const { at, who, serviceMs } = item.arrival;
    waits.get(who.key)!.push(now - at);
    freeAt[0] = now + serviceMs;
  }
}

function percentile(values: readonly number[], part: number): number {
  return [...values].sort((one, other) => one - other)[Math.ceil(values.length * part) - 1]!;
}

describe('a caller that floods', () => {
  it('with 50 times the requests leaves the other’s p95 wait within twice what it is alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 6, max: 16 }), (slots, burst) => {
        const serviceMs = 100;
        // Many at once, and then nothing for four times as long as they take.
        const [rounds, roundMs] = [8, 4 * burst * serviceMs];
        const quiet = Array.from({ length: rounds * burst * slots }, (_, index) => ({
          at: Math.floor(index / (burst * slots)) * roundMs,
          who: caller('quiet'),
          serviceMs,
        }));
        const flood = Array.from({ length: quiet.length * 50 }, (_, index) => ({
          at: (index / (quiet.length * 50)) * rounds * roundMs,
          who: caller('flood'),
          serviceMs,
        }));
        const both = [...quiet, ...flood].sort((one, other) => one.at - other.at);
        const alone = percentile(waitsOf(quiet, slots).get('quiet')!, 0.95);
        const beside = percentile(waitsOf(both, slots).get('quiet')!, 0.95);
        // One request that is being computed cannot be taken back.
        expect(beside).toBeLessThanOrEqual(2 * alone + serviceMs);
      }),
      { numRuns: 12 },
    );
  });

  it('gets three times the tokens of another when its weight is three times, within 10 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 50, maxLength: 50 }), (costs) => {
        const queue = new NamedQueue();
        for (let index = 0; index < 1500; index++) {
          queue.add('one', caller('k1', 1), 0, costs[index % 50]!);
          queue.add('three', caller('k3', 3), 0, costs[(index * 7) % 50]!);
        }
        const tokens = { one: 0, three: 0 };
        for (let index = 0; index < 1200; index++) {
          const place = queue.peek()!;
          queue.take(place);
          tokens[place.name as 'one' | 'three'] += place.place!.cost;
        }
        expect(tokens.three / tokens.one).toBeGreaterThan(2.7);
        expect(tokens.three / tokens.one).toBeLessThan(3.3);
      }),
      { numRuns: 50 },
    );
  });
});
