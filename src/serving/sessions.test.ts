import { describe, expect, it } from 'vitest';
import { namedSessionsMax, openSessionsMax, Sessions } from './sessions.js';

const owner = (key: string) => ({ component: 'chat', key });

describe('sessions', () => {
  it('that were opened end at their time or when they are closed, whatever is asked in between', () => {
    const sessions = new Sessions();
    sessions.open('a', owner('k'), 1000, 0);
    sessions.of('a', 1000, 900).copy = 'chat-0#1';
    expect(sessions.of('a', 1000, 999)).toMatchObject({ isOpened: true, copy: 'chat-0#1' });
    expect(sessions.of('a', 1000, 1000)).toMatchObject({ isOpened: false, copy: null });
    expect(sessions.close('a', 1001)).toBe(false);
    sessions.open('b', owner('k'), 1000, 0);
    expect([sessions.close('b', 10), sessions.close('b', 10)]).toEqual([true, false]);
  });

  it('that are only named live from use to use', () => {
    const sessions = new Sessions();
    sessions.of('user:ann', 1000, 0).copy = 'chat-1#1';
    expect(sessions.of('user:ann', 1000, 999).copy).toBe('chat-1#1');
    expect(sessions.of('user:ann', 1000, 1998).copy).toBe('chat-1#1');
    expect(sessions.of('user:ann', 1000, 2998).copy).toBeNull();
  });

  it('are bounded: opening is refused, the name used longest ago is forgotten', () => {
    const sessions = new Sessions();
    const half = openSessionsMax / 2;
    for (let index = 0; index < half; index++) sessions.open(`o${index}`, owner('k'), 1000, 0);
    expect(() => sessions.open('more', owner('k'), 1000, 999)).toThrow(
      expect.objectContaining({ code: 'CAP-112' }),
    );
    sessions.open('later', owner('k'), 1000, 1000);
    expect(sessions.size).toBe(1);
    sessions.of('first', 1000, 0).copy = 'c';
    for (let index = 0; index < namedSessionsMax; index++) sessions.of(`n${index}`, 1000, 0);
    expect(sessions.size).toBe(1 + namedSessionsMax);
    expect(sessions.of('first', 1000, 0).copy).toBeNull();
  });

  it('leave room for other keys, however many one opens, and come back to it when they are closed', () => {
    const sessions = new Sessions();
    const openAll = (key: string): number => {
      for (let own = 0; ; own++) {
        try {
          sessions.open(`${key}${own}`, owner(key), 1000, 0);
        } catch {
          return own;
        }
      }
    };
    expect(openAll('loop')).toBe(openSessionsMax / 2);
    const other = openAll('other');
    expect(other).toBe(openSessionsMax / 4);
    expect(sessions.close('other0', 0)).toBe(true);
    sessions.open('other-again', owner('other'), 1000, 0);
    expect(openAll('third')).toBe(openSessionsMax / 8);
    expect(() => sessions.open('loop-again', owner('loop'), 1000, 0)).toThrow(
      expect.objectContaining({ code: 'CAP-112' }),
    );
  });
});
