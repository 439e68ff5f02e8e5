import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

it('tokens.py has the ids of the tokenizer', () => {
  const { tokens } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../tokenizer.json'), 'utf8'),
  ) as { tokens: readonly string[] };
  const program = readFileSync(path.join(import.meta.dirname, 'tokens.py'), 'utf8');
  const found = [...program.matchAll(/^# `(<\|\w+\|>)`.*\n\w+ = (\d+)$/gm)];
  expect(found.map(([, spelling, id]) => [spelling, Number(id)])).toEqual(
    ['<|endoftext|>', '<|pad|>', '<|out|>'].map((spelling) => [spelling, tokens.indexOf(spelling)]),
  );
});
