import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { parseTrace } from './trace.js';

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';

describe('a trace', () => {
  it('gives arrivals in order, counted from the first, to a fraction of a millisecond', () => {
    const text = `${header}2023-11-16 18:17:04.0319600,3180,8\r\n2023-11-16 18:17:03.9799600,4808,10\n\n`;
    const [first, second, ...others] = parseTrace(text, 'f');
    expect(first).toEqual({ atMs: 0, promptTokens: 4808, outputTokens: 10 });
    expect(second?.atMs).toBeCloseTo(52, 3);
    expect(others).toEqual([]);
  });

  it.each([
    'x,1,2',
    '2023-11-16 18:17:04,1',
    '2023-11-16 18:17:04,-1,2',
    '2023-13-16 18:17:04,1,2',
    '2023-11-16 18:17:04,1.5,2',
  ])('with the row %s is refused at its line', (row) => {
    expect(() => parseTrace(`${header}2023-11-16 18:17:03,1,2\n${row}`, 'f')).toThrowError(
      expect.objectContaining({ code: 'FILE-012', location: 'f:3:1' }) as Error,
    );
  });

  it('without rows is refused', () => {
    expect(() => parseTrace(header, 'f')).toThrowError(
      expect.objectContaining({ code: 'FILE-013' }) as Error,
    );
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const { atMs } of parseTrace(text, 'f')) expect(atMs).toBeGreaterThanOrEqual(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(StowageError);
        }
      }),
    );
  });
});
