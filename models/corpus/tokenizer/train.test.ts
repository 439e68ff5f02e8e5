import { describe, expect, it } from 'vitest';
import { controlTokens, Tokenizer } from './tokenizer.js';
import { trainTokenizer } from './train.js';

const texts = [
  'List<Account> accounts = list;',
  'for (Account account : accounts) {}',
  'the account, the accounts',
];
const bytes = 256;

describe('a trained tokenizer', () => {
  it('merges the most frequent pair first, the alphabetically first of equals', () => {
    const { merges } = trainTokenizer(['abab abab cdcd'], bytes + controlTokens.length + 3);
    expect(merges).toEqual(['a b', 'ab ab', 'c d']);
  });

  it('makes one token of a frequent word', () => {
    const file = trainTokenizer(texts, bytes + controlTokens.length + 12);
    expect(new Tokenizer(file).encode(' account')).toHaveLength(1);
    expect(new Set(file.tokens).size).toBe(file.tokens.length);
  });

  it('says so when the texts are too few', () => {
    expect(() => trainTokenizer(['abab'], 2048)).toThrow(/only 25\d tokens/);
  });
});
