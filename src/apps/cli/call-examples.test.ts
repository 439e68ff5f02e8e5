import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../api/configuration/read-configuration.js';
import { pasteBlocks, shellWord } from './call-examples.js';

/** The words of a POSIX shell's line that has no expansions. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? '';
    if (character === "'") {
      const end = line.indexOf("'", index + 1);
      word = (word ?? '') + line.slice(index + 1, end);
      index = end;
    } else if (character === '\\') {
      word = (word ?? '') + (line[index + 1] ?? '');
      index += 1;
    } else if (character === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  return word === null ? words : [...words, word];
}

it('a word of a shell comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 4 }), (words) => {
      expect(wordsOf(words.map(shellWord).join(' '))).toEqual(words);
    }),
  );
});

describe('what is printed to paste', () => {
  const { endpoints, examples } = readConfiguration(
    `endpoint: a
components:
  x: { model: m, example: { prompt: "it's 5 o'clock", suffix: end } }
  y: { model: m }
---
endpoint: b
region: eu-west-1
components:
  y: { model: m }
`,
    'f',
    '/base',
  );
  const components = endpoints.flatMap(({ name: endpoint, components: own }) =>
    own.map(({ name }) => ({ endpoint, name })),
  );
  const blocks = pasteBlocks({ url: 'http://127.0.0.1:1', folder: '.stowage', components, examples });

  it('calls each component with curl, and the first with both other clients', () => {
    expect(blocks.map(({ title }) => title)).toEqual([
      'a/x with curl',
      'a/y with curl',
      'b/y with curl',
      'x with the OpenAI client',
      'x with the AWS SDK',
    ]);
  });

  it('sends a component’s example under a name that means only it', () => {
    const sent = blocks.slice(0, 3).map(({ command }) => {
      const body = wordsOf(command.split(' -d ')[1] ?? '')[0] ?? '';
      const { model, prompt, suffix } = JSON.parse(body) as Record<string, unknown>;
      return [model, prompt, suffix];
    });
    expect(sent).toEqual([
      ['x', "it's 5 o'clock", 'end'],
      ['a/y', 'Hello', undefined],
      ['b/y', 'Hello', undefined],
    ]);
  });

  it('reads the keys from the data folder and shows none', () => {
    expect(blocks.every(({ command }) => /\.stowage\/(api-key|credentials)/.test(command))).toBe(true);
  });
});
