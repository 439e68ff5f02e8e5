import { describe, expect, it } from 'vitest';
import { namedSessionsMax, openSessionsMax, Sessions } from './sessions.js';

describe('sessions', () => {
  it('that were opened end at their time or when they are closed, whatever is asked in between', () => {
    const sessions = new Sessions();
    sessions.open('a', 'chat', 1000, 0);
    sessions.of('a', 1000, 900).copy = 'chat-0#1';
    expect(sessions.of('a', 1000, 999)).toMatchObject({ isOpened: true, copy: 'chat-0#1' });
    expect(sessions.of('a', 1000, 1000)).toMatchObject({ isOpened: false, copy: null });
    expect(sessions.close('a', 1001)).toBe(false);
    sessions.open('b', 'chat', 1000, 0);
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
    for (let index = 0; index < openSessionsMax; index++) sessions.open(`o${index}`, 'chat', 1000, 0);
    expect(() => sessions.open('more', 'chat', 1000, 999)).toThrow(
      expect.objectContaining({ code: 'CAP-112' }),
    );
    sessions.open('later', 'chat', 1000, 1000);
    expect(sessions.size).toBe(1);
    sessions.of('first', 1000, 0).copy = 'c';
    for (let index = 0; index < namedSessionsMax; index++) sessions.of(`n${index}`, 1000, 0);
    expect(sessions.size).toBe(1 + namedSessionsMax);
    expect(sessions.of('first', 1000, 0).copy).toBeNull();
  });
});
