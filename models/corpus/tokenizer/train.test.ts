import { describe, expect, it } from 'vitest';
import { controlTokens, Tokenizer } from './tokenizer.js';
import { trainTokenizer } from './train.js';

const texts = [
  'List<Account> accounts = list;',
  'for (Account account : accounts) {}',
  'the account, the accounts',
];
const vineyards = ['the vineyards, all vineyards', 'List<Vineyards> vineyards; oldVineyards'];
/** Bytes, heads of words and digits with the blank before them, control tokens: what no text has to give. */
const given = 256 + 52 + 10 + controlTokens.length;

describe('a trained tokenizer', () => {
  it('merges the most frequent pair first, the alphabetically first of equals', () => {
    const { merges } = trainTokenizer(['xabab xabab xcdcd'], given + 3, 0);
    expect(merges.slice(-3)).toEqual(['a b', 'ab ab', 'c d']);
  });

  it('lets the first letter of a word and each digit stand alone', () => {
    const tokenizer = new Tokenizer(trainTokenizer(vineyards, given + 7, 0));
    const spelled = (text: string) => tokenizer.encode(text).map((token) => tokenizer.decode([token]));
    expect(spelled(' vineyards')).toEqual([' v', 'ineyards']);
    expect(spelled('Vineyards')).toEqual(['V', 'ineyards']);
    expect(spelled('oldVineyards')).toEqual(['o', 'l', 'd', 'V', 'ineyards']);
    expect(spelled(' 2048')).toEqual([' 2', '0', '4', '8']);
  });

  it('makes one token of a frequent word', () => {
    const file = trainTokenizer(texts, given + 8, 1);
    expect(new Tokenizer(file).encode(' accounts')).toHaveLength(1);
    expect(new Set(file.tokens).size).toBe(file.tokens.length);
  });

  it('says so when the texts are too few', () => {
    expect(() => trainTokenizer(['xabab xabab'], 2048)).toThrow(/only 32\d tokens/);
  });
});
