import { describe, expect, it } from 'vitest';
import { SteadyTime } from './steady-time.js';

function clocks() {
  let now = 0;
  let wall = 1_000_000;
  return {
    now: () => now,
    wallNow: () => wall,
    after: () => () => undefined,
    pass(ms: number) {
      now += ms;
      wall += ms;
    },
    jump(ms: number) {
      wall += ms;
    },
  };
}

describe('steady time', () => {
  it('is the wall clock’s while that goes evenly', () => {
    const clock = clocks();
    const time = new SteadyTime(clock, 0);
    clock.pass(5_000);
    expect(time.now()).toBe(clock.wallNow());
  });

  it('does not jump with the wall clock, and comes to it in time', () => {
    const clock = clocks();
    const time = new SteadyTime(clock, 0);
    clock.jump(3_600_000);
    clock.pass(1_000);
    expect(time.now()).toBe(1_001_100);
    clock.pass(36_000_000);
    expect(time.now()).toBe(clock.wallNow());
  });

  it('goes on slowly when the wall clock is set back, and never goes back itself', () => {
    const clock = clocks();
    const time = new SteadyTime(clock, 0);
    clock.jump(-3_600_000);
    clock.pass(1_000);
    expect(time.now()).toBe(1_000_900);
  });

  it('begins after the last date that was written down', () => {
    expect(new SteadyTime(clocks(), 2_000_000).now()).toBe(2_000_000);
  });
});
