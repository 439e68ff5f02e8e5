import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { parseTarget } from './target.js';

describe('a target', () => {
  it.each([
    ['inline', 'component', null, 'inline'],
    ['component/inline', 'component', null, 'inline'],
    ['apexguru/inline', 'component', 'apexguru', 'inline'],
    ['component/apexguru/inline', 'component', 'apexguru', 'inline'],
    ['endpoint/apexguru', 'endpoint', 'apexguru', null],
    ['component', 'component', null, 'component'],
  ])('%s is a %s', (text, kind, endpoint, component) => {
    expect(parseTarget(text)).toEqual({ kind, endpoint, component });
  });

  it.each(['', '/', 'a/', '/a', 'a//b', 'a/b/c', 'component/a/b/c', 'endpoint/a/b'])('%j is none', (text) => {
    expect(() => parseTarget(text)).toThrowError(expect.objectContaining({ code: 'USE-640' }) as Error);
  });

  it('is understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const { endpoint, component } = parseTarget(text);
          expect(endpoint !== null || component !== null).toBe(true);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(StowageError);
        }
      }),
    );
  });
});
