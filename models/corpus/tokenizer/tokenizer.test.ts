/** Against llama.cpp's own tokenizer: a model's file carries the vocabulary of models/tokenizer.json. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadLlamaModel } from '../../../src/adapters/engine/llama-cpp/model.js';
import { defaultComponentOptions } from '../../../src/domain/component-options.js';
import { controlTokens, Tokenizer, type TokenizerFile, vocabularySize } from './tokenizer.js';

const models = path.resolve(import.meta.dirname, '../..');
const file = JSON.parse(readFileSync(path.join(models, 'tokenizer.json'), 'utf8')) as TokenizerFile;
const tokenizer = new Tokenizer(file);

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const apex = [
  "List<Account> accounts = [SELECT Id, Name FROM Account WHERE Name LIKE 'Acme%' LIMIT 10];",
  'trigger CaseTrigger on Case (before insert) {\n    for (Case c : Trigger.new) {\n\t\tc.x__c = 1;\n    }\n}\n',
  "// don't we're I'll  two  blanks \r\n\r\n   and 12345 more … 東京 naïve Ünïcödé 👩‍🚀 ½ ²",
  'no-break\u00a0blank, next\u0085line, mark\ufeffhere, ideographic\u3000blank, \u2028',
  '<|block|>text that looks like a control token<|out|>',
];

/** What the models are asked and answer. */
function promptTexts(): string[] {
  return ['block', 'flow', 'inline'].flatMap((task) =>
    readFileSync(path.join(models, 'prompts', `test-${task}.jsonl`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const sample = JSON.parse(line) as Partial<Record<string, string>>;
        return ['prompt', 'prefix', 'suffix', 'answer'].flatMap((part) => sample[part] ?? []);
      }),
  );
}

describe('a text', () => {
  it('comes back from its tokens', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = tokenizer.encode(text);
        expect(tokenizer.decode(tokens)).toBe(text);
        expect(Math.max(-1, ...tokens)).toBeLessThan(tokenizer.control('<|endoftext|>'));
      }),
      { numRuns: 500 },
    );
  });

  it('has the tokens that llama.cpp gives it', async () => {
    const name = readdirSync(models).find((entry) => entry.endsWith('.gguf'))!;
    const model = await loadLlamaModel({
      modelPath: path.join(models, name),
      modelLabel: name,
      adapters: [],
      options: defaultComponentOptions,
      log: () => {},
      onLoading: () => {},
    });
    for (const token of controlTokens) {
      expect(model.vocabulary.specialTokens.get(token)).toBe(tokenizer.control(token));
    }
    for (const text of [...apex, ...promptTexts()]) {
      expect(tokenizer.encode(text)).toEqual(model.vocabulary.tokenize(text));
    }
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.encode(text)).toEqual(model.vocabulary.tokenize(text));
      }),
      { numRuns: 2000 },
    );
  });
});

it('refuses merges of which one stands twice', () => {
  expect(() => new Tokenizer({ ...file, merges: [...file.merges, file.merges[0]!] })).toThrow(/twice/);
});

describe('control tokens', () => {
  it('are the last of the vocabulary', () => {
    expect(file.tokens).toHaveLength(vocabularySize);
    expect(file.tokens.slice(-controlTokens.length)).toEqual([...controlTokens]);
  });

  it('frame a prompt', () => {
    const block = { task: 'block', kind: '', answer: '', shape: 'statements', given: '' } as const;
    const out = tokenizer.control('<|out|>');
    const prompt = tokenizer.promptOf({ ...block, prompt: 'find <|out|>' });
    expect(prompt.at(0)).toBe(tokenizer.control('<|block|>'));
    expect(prompt.indexOf(out)).toBe(prompt.length - 1);
    const inline = { task: 'inline', kind: '', answer: '', prefix: 'a', suffix: '' } as const;
    const around = { shape: 'class', before: '', after: '' } as const;
    expect(tokenizer.promptOf({ ...inline, file: around })).toEqual([
      tokenizer.control('<|fim_suffix|>'),
      tokenizer.control('<|fim_prefix|>'),
      ...tokenizer.encode('a'),
      tokenizer.control('<|fim_middle|>'),
    ]);
  });
});
