import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdapterTurn, pickAdapter, turnStepsMax } from './pick-adapter.js';

const adapter = fc.option(fc.nat(5), { nil: null });
const sequences = fc.array(fc.record({ adapter }), { minLength: 1, maxLength: 24 });

describe('pickAdapter', () => {
  it('stays for the steps of a turn, then goes to the one whose turn is the longest ago', () => {
    const lastTurns = new Map([
      [null, 7],
      [0, 3],
      [1, 5],
    ]);
    const list = [{ adapter: 1 }, { adapter: null }, { adapter: 0 }];
    const turn = { adapter: null, stepsMax: 4, milliseconds: 0, lastTurns };
    expect(pickAdapter(list, { ...turn, steps: 3 })).toBeNull();
    expect(pickAdapter(list, { ...turn, steps: 4 })).toBe(0);
    expect(pickAdapter(list, { ...turn, steps: 1, milliseconds: 74 })).toBeNull();
    expect(pickAdapter(list, { ...turn, steps: 1, milliseconds: 75 })).toBe(0);
    expect(pickAdapter([{ adapter: null }], { ...turn, steps: 40, milliseconds: 9000 })).toBeNull();
    expect(pickAdapter([{ adapter: 1 }], { ...turn, steps: 1 })).toBe(1);
  });

  it('with n adapters in use each has every n-th turn', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 5 }), (list, stepsMax) => {
        const used = new Set(list.map((one) => one.adapter));
        const lastTurns = new Map<number | null, number>();
        let turn: AdapterTurn = { adapter: null, steps: stepsMax, stepsMax, milliseconds: 0, lastTurns };
        const order: (number | null)[] = [];
        for (let step = 0; step < used.size * stepsMax * 3; step++) {
          const next = pickAdapter(list, turn);
          turn = { ...turn, adapter: next, steps: next === turn.adapter ? turn.steps + 1 : 1 };
          lastTurns.set(next, step);
          order.push(next);
        }
        // The first turn may have been interrupted: it began before the first step.
        const steady = order.slice(used.size * stepsMax);
        for (let begin = 0; begin + used.size * stepsMax <= steady.length; begin++) {
          const counts = new Map<number | null, number>();
          for (const one of steady.slice(begin, begin + used.size * stepsMax)) {
            counts.set(one, (counts.get(one) ?? 0) + 1);
          }
          expect(counts).toEqual(new Map([...used].map((one) => [one, stepsMax])));
        }
      }),
    );
  });
});

describe('turnStepsMax', () => {
  it('makes a change cost a tenth of a turn, and lets nobody wait long for it', () => {
    expect(turnStepsMax({ switchMs: 3, stepMs: 6, adapters: 2 })).toBe(5);
    expect(turnStepsMax({ switchMs: 6, stepMs: 50, adapters: 2 })).toBe(2);
    expect(turnStepsMax({ switchMs: 6, stepMs: 17, adapters: 4 })).toBe(2);
    expect(turnStepsMax({ switchMs: 6, stepMs: 400, adapters: 4 })).toBe(1);
    expect(turnStepsMax({ switchMs: 0, stepMs: 6, adapters: 4 })).toBe(1);
    expect(turnStepsMax({ switchMs: 900, stepMs: 1, adapters: 2 })).toBe(1);
  });
});
