import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BatchRules, chooseBatch, preferredRowsOf, type WaitingCall } from './dynamic-batch.js';

const rules: BatchRules = { rowsMax: 8, windowMs: 2, preferredRows: [] };

function call(arrivedAt: number, rows = 1, batchKey: string | null = 'a'): WaitingCall {
  return { arrivedAt, rows, batchKey };
}

it.each([
  ['nothing waits', [], 0, rules, { kind: 'idle' }],
  ['one call waits for its window', [call(10)], 11, rules, { kind: 'wait', until: 12 }],
  ['the window is over', [call(10), call(11)], 12, rules, { kind: 'run', calls: [call(10), call(11)] }],
  ['no window', [call(10)], 10, { ...rules, windowMs: 0 }, { kind: 'run', calls: [call(10)] }],
  ['a full batch', [call(10, 4), call(10, 4)], 10, rules, { kind: 'run', calls: [call(10, 4), call(10, 4)] }],
  ['the next does not fit', [call(10, 6), call(10, 3)], 10, rules, { kind: 'run', calls: [call(10, 6)] }],
  ['one call above the limit', [call(10, 20)], 10, rules, { kind: 'run', calls: [call(10, 20)] }],
  [
    'a call that goes alone',
    [call(10, 1, null), call(10)],
    10,
    rules,
    { kind: 'run', calls: [call(10, 1, null)] },
  ],
  [
    'a preferred number of rows, and one more',
    [call(10, 2), call(10, 2), call(10, 1)],
    10,
    { ...rules, preferredRows: [4] },
    { kind: 'run', calls: [call(10, 2), call(10, 2)] },
  ],
  [
    'the largest preferred number',
    [call(10, 2), call(10, 2), call(10, 2)],
    10,
    { ...rules, preferredRows: [2, 6] },
    { kind: 'run', calls: [call(10, 2), call(10, 2), call(10, 2)] },
  ],
  [
    'a kind that is full before an older one that waits',
    [call(10), call(11, 8, 'b')],
    11,
    rules,
    { kind: 'run', calls: [call(11, 8, 'b')] },
  ],
  [
    'the older of two kinds whose windows are over',
    [call(10), call(11, 1, 'b'), call(12)],
    20,
    rules,
    { kind: 'run', calls: [call(10), call(12)] },
  ],
] as const)('%s', (_, waiting, now, given, expected) => {
  expect(chooseBatch(waiting, now, given)).toEqual(expected);
});

const anyCall = fc.record({
  arrivedAt: fc.integer({ min: 0, max: 50 }),
  rows: fc.integer({ min: 1, max: 12 }),
  batchKey: fc.constantFrom('a', 'b', null),
});
const anyQueue = fc
  .array(anyCall, { maxLength: 40 })
  .map((calls) => calls.sort((one, other) => one.arrivedAt - other.arrivedAt));
const anyRules: fc.Arbitrary<BatchRules> = fc.record({
  rowsMax: fc.integer({ min: 1, max: 64 }),
  windowMs: fc.integer({ min: 0, max: 20 }),
  preferredRows: fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 4 }),
});

it('never puts more rows together than allowed, mixes kinds, or passes a call of the same kind by', () => {
  fc.assert(
    fc.property(anyQueue, anyRules, fc.integer({ min: 0, max: 80 }), (waiting, given, now) => {
      const decision = chooseBatch(waiting, now, given);
      if (decision.kind !== 'run') return;
      const { calls } = decision;
      const key = calls[0]?.batchKey ?? null;
      expect(calls.length).toBeGreaterThan(0);
      if (calls.length > 1) {
        expect(calls.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(given.rowsMax);
        expect(key).not.toBeNull();
      }
      const sameKind = waiting.filter(({ batchKey }) => batchKey === key);
      if (key !== null) expect(calls).toEqual(sameKind.slice(0, calls.length));
    }),
  );
});

it('never waits longer than the window of the oldest call, and says when that ends', () => {
  fc.assert(
    fc.property(anyQueue, anyRules, fc.integer({ min: 0, max: 80 }), (waiting, given, now) => {
      const decision = chooseBatch(waiting, now, given);
      const oldest = waiting[0];
      if (oldest === undefined) {
        expect(decision).toEqual({ kind: 'idle' });
      } else if (now >= oldest.arrivedAt + given.windowMs) {
        expect(decision.kind).toBe('run');
      } else if (decision.kind === 'wait') {
        expect(decision.until).toBe(oldest.arrivedAt + given.windowMs);
        expect(chooseBatch(waiting, decision.until, given).kind).toBe('run');
      }
    }),
  );
});

it('computes a preferred number of rows without waiting', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), (count) => {
      const waiting = Array.from({ length: count }, () => call(0));
      const decision = chooseBatch(waiting, 0, { rowsMax: 64, windowMs: 10, preferredRows: [4, 8] });
      const expected = count >= 8 ? 8 : count >= 4 ? 4 : null;
      expect(decision.kind === 'run' ? decision.calls.length : null).toBe(expected);
    }),
  );
});

it('empties any queue, oldest first within each kind', () => {
  fc.assert(
    fc.property(anyQueue, anyRules, (queue, given) => {
      let waiting: readonly WaitingCall[] = queue;
      const done: WaitingCall[] = [];
      while (waiting.length > 0) {
        const decision = chooseBatch(waiting, 1000, given);
        if (decision.kind !== 'run') throw new Error('it waits although every window is over');
        done.push(...decision.calls);
        waiting = waiting.filter((one) => !decision.calls.includes(one));
      }
      for (const key of ['a', 'b', null]) {
        const ofKind = ({ batchKey }: WaitingCall) => batchKey === key;
        expect(done.filter(ofKind)).toEqual(queue.filter(ofKind));
      }
    }),
  );
});

it.each([
  ['4,8', 8, [4, 8]],
  ['8,4,4', 64, [4, 8]],
  ['4,16', 8, [4]],
  ['0', 8, []],
  [null, 8, []],
] as const)('reads the preferred sizes %s up to %i', (text, rowsMax, expected) => {
  expect(preferredRowsOf(text, rowsMax)).toEqual(expected);
});
