import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { parsePrompts, synthesizePrompt } from './prompts.js';

describe('a file of prompts', () => {
  it('has JSON with prompt or inputs, and plain lines', () => {
    const text = [
      '{"prompt":"a","suffix":"b"}',
      '{"inputs":"c","parameters":{"max_new_tokens":5}}',
      'plain words',
      '',
      '{ not JSON',
      '{"prompt":"d","max_tokens":7}',
    ].join('\r\n');
    expect(parsePrompts(text, 'f')).toEqual([
      { prompt: 'a', suffix: 'b', newTokensMax: null },
      { prompt: 'c', suffix: null, newTokensMax: 5 },
      { prompt: 'plain words', suffix: null, newTokensMax: null },
      { prompt: '{ not JSON', suffix: null, newTokensMax: null },
      { prompt: 'd', suffix: null, newTokensMax: 7 },
    ]);
  });

  it.each(['{"p":"a"}', '{"prompt":5}', '{"prompt":"a","suffix":5}'])('refuses %s with its line', (line) => {
    expect(() => parsePrompts(`ok\n${line}`, 'f')).toThrowError(
      expect.objectContaining({ code: 'FILE-012', location: 'f:2:1' }) as Error,
    );
  });

  it.each(['', '\n \n'])('refuses %j, which has none', (text) => {
    expect(() => parsePrompts(text, 'f')).toThrowError(
      expect.objectContaining({ code: 'FILE-013' }) as Error,
    );
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(parsePrompts(text, 'f').length).toBeGreaterThan(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(StowageError);
        }
      }),
    );
  });
});

describe('a made-up prompt', () => {
  it('has as many words as tokens were asked for, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (tokens, seed) => {
        const text = synthesizePrompt(tokens, seed);
        expect(text.split(' ')).toHaveLength(tokens);
        expect(synthesizePrompt(tokens, seed)).toBe(text);
      }),
    );
  });

  it('differs between seeds', () => {
    const texts = Array.from({ length: 256 }, (_, seed) => synthesizePrompt(16, seed));
    expect(new Set(texts).size).toBe(256);
  });
});
