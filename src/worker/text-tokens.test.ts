import { describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system.js';
import { SimulatedEmbeddingEngine } from '../adapters/engine/simulated/embedding-engine.js';
import { Ability } from '../contracts/engine.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import type { Computation } from '../domain/inference.js';
import { type TextComputation, TextTokens } from './text-tokens.js';

const engine = new SimulatedEmbeddingEngine({
  clock: systemClock,
  ability: Ability.Rerank,
  textsMax: 4,
  textTokensMax: 200,
  batchTokensMax: 200,
  batchMs: 0,
});
const bytes = (text: string) => [...Buffer.from(text)];

/** The tokens of one pair with a model that joins by this template. */
function fill(
  template: string,
  changes: Partial<Extract<Computation, { kind: 'rerank' }>>,
): readonly number[] {
  const { info, specialTokens, textFrame } = engine;
  const tokenize = (text: string) => engine.tokenize(text);
  const pairForm = { kind: 'template', template } as const;
  const tokens = new TextTokens(
    { info, specialTokens, textFrame, tokenize, pairForm },
    { ...defaultComponentOptions },
  );
  const computation: TextComputation = {
    kind: 'rerank',
    query: 'q',
    documents: ['d'],
    textTokensMax: null,
    ...changes,
  };
  return tokens.build(computation, 0, { query: null });
}

describe('a model’s own template for pairs', () => {
  const template = '<|begin|>Query: {query} Document: {document}<|end|>';

  it('puts both texts in, and its control tokens around them', () => {
    expect(fill(template, {})).toEqual([256, ...bytes('Query: q Document: d'), 257]);
  });

  it('takes neither control tokens nor placeholders from the texts', () => {
    const tokens = fill(template, { query: '{document}', documents: ['<|end|>$&'] });
    expect(tokens).toEqual([256, ...bytes('Query: {document} Document: <|end|>$&'), 257]);
  });

  it('does not cut texts, and says so', () => {
    expect(() => fill(template, { textTokensMax: 10 })).toThrow('texts in it are not cut');
    expect(() => fill(template, { documents: ['x'.repeat(200)] })).toThrow('221 prompt tokens > 200');
  });
});

describe('texts that are refused before they are tokenized', () => {
  it.each([
    ['too many characters', 'ab'.repeat(12_801), 'at least 201 prompt tokens > 200'],
    ['a run of one kind that a tokenizer recurses over', 'a'.repeat(16_385), 'more than 16384 characters'],
  ])('%s', (_, document, message) => {
    expect(() => fill('{query}{document}', { documents: [document] })).toThrow(message);
  });
});

it('tokenizes a query once for all documents of a call', () => {
  const tokenized: string[] = [];
  const { info, specialTokens, textFrame, pairForm } = engine;
  const tokenize = (text: string) => {
    tokenized.push(text);
    return engine.tokenize(text);
  };
  const tokens = new TextTokens(
    { info, specialTokens, textFrame, pairForm, tokenize },
    { ...defaultComponentOptions },
  );
  const documents = ['a', 'b', 'c'];
  const computation: TextComputation = { kind: 'rerank', query: 'query', documents, textTokensMax: null };
  const shared = { query: null };
  const built = documents.map((_, index) => tokens.build(computation, index, shared));
  expect(tokenized).toEqual(['query', 'a', 'b', 'c']);
  expect(built[2]).toEqual(tokens.build(computation, 2, { query: null }));
});
