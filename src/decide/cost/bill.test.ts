import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BilledInstance, billOf, BillState, reservedPart, unassigned, unknownKey } from './bill.js';

const none = () => [];
const copyOf = (component: string, part: number, state: BillState = BillState.Idle) => ({
  component,
  part,
  state,
});

describe('the bill of an instance', () => {
  it('gives each copy what it reserves, and the rest to nobody', () => {
    const copies = [copyOf('a', 0.5, BillState.Waking), copyOf('b', 0.25, BillState.Draining)];
    expect(billOf({ accelerators: 4, pricePerHour: 3600, seconds: 10, copies }, none)).toEqual([
      { component: 'a', key: unassigned, state: 'Waking', acceleratorSeconds: 20, dollars: 5 },
      { component: 'b', key: unassigned, state: 'Draining', acceleratorSeconds: 10, dollars: 2.5 },
      { component: unassigned, key: unassigned, state: 'Idle', acceleratorSeconds: 10, dollars: 2.5 },
    ]);
  });

  it('divides busy time over the keys by the time that copies had their requests', () => {
    const keysOf = () => [
      { key: 'k1', ms: 300 },
      { key: '', ms: 100 },
    ];
    const copies = [copyOf('a', 1, BillState.Busy)];
    const lines = billOf({ accelerators: 0, pricePerHour: 0, seconds: 8, copies }, keysOf);
    expect(lines.map(({ key, acceleratorSeconds }) => [key, acceleratorSeconds])).toEqual([
      ['k1', 6],
      [unknownKey, 2],
    ]);
    expect(billOf({ accelerators: 0, pricePerHour: 0, seconds: 8, copies }, none)[0]!.key).toBe(unknownKey);
  });

  it('takes the largest part of what a copy reserves', () => {
    const capacity = { cpus: 8, memoryBytes: 100, accelerators: 2, acceleratorMemoryBytes: 0 };
    const resources = {
      cpus: 2,
      memoryBytesMin: 30,
      memoryBytesMax: 0,
      accelerators: 0.5,
      acceleratorMemoryBytes: 0,
    };
    expect(reservedPart(resources, [], capacity)).toBe(0.3);
    expect(reservedPart(resources, [{ index: 0, share: 1, memoryBytes: 0 }], capacity)).toBe(0.5);
    expect(reservedPart(resources, [], { ...capacity, accelerators: 0, cpus: 1 })).toBe(1);
  });

  it('adds up to the time of the fleet and its price, over any history', () => {
    const copy = fc.record({
      component: fc.constantFrom('a', 'b', 'c'),
      part: fc.double({ min: 0.001, max: 1, noNaN: true }),
      state: fc.constantFrom(...Object.values(BillState)),
    });
    const instance = fc.record({
      accelerators: fc.integer({ min: 0, max: 8 }),
      pricePerHour: fc.double({ min: 0, max: 100, noNaN: true }),
      seconds: fc.double({ min: 0.01, max: 60, noNaN: true }),
      copies: fc.array(copy, { maxLength: 12 }),
    });
    const keys = fc.array(fc.record({ key: fc.constantFrom('k1', 'k2', ''), ms: fc.nat(5000) }));
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 20 }), keys, (history: BilledInstance[], times) => {
        const lines = history.flatMap((one) => billOf(one, () => times));
        const seconds = history.reduce((sum, one) => sum + Math.max(1, one.accelerators) * one.seconds, 0);
        const dollars = history.reduce((sum, one) => sum + (one.pricePerHour * one.seconds) / 3600, 0);
        expect(lines.every((line) => line.acceleratorSeconds > 0)).toBe(true);
        const billed = lines.reduce((sum, line) => sum + line.acceleratorSeconds, 0);
        expect(Math.abs(billed - seconds)).toBeLessThanOrEqual(1e-9 * (1 + seconds));
        const charged = lines.reduce((sum, line) => sum + line.dollars, 0);
        expect(Math.abs(charged - dollars)).toBeLessThanOrEqual(1e-9 * (1 + dollars));
      }),
    );
  });
});
