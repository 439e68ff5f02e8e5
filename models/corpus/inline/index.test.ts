/** Cuts of files: that they put the file together again, that the files parse, and that nothing unknowable is asked. */
import { expect, test } from 'vitest';
import { Draw } from '../draw.js';
import { parseErrors } from '../parses.js';
import { Random } from '../random.js';
import { prefixCharsMax, suffixCharsMax, type InlineSample } from '../samples.js';
import { drawInline } from './index.js';

function samplesOf(seed: string, files: number): readonly InlineSample[] {
  const random = new Random(seed);
  return Array.from({ length: files }, () => drawInline(new Draw(random))).flat();
}

test('prefix, answer and suffix stand together in a file that parses', () => {
  const samples = samplesOf('inline', 400);
  expect(samples.length).toBeGreaterThan(600);
  const parsed = new Set<string>();
  for (const { prefix, suffix, answer, file } of samples) {
    expect(file.before.endsWith(prefix)).toBe(true);
    expect(file.after.startsWith(suffix)).toBe(true);
    expect(prefix.length).toBeLessThanOrEqual(prefixCharsMax);
    expect(suffix.length).toBeLessThanOrEqual(suffixCharsMax);
    expect(answer).not.toMatch(/^\s*$|[«»‹›\0]/);
    const whole = file.before + answer + file.after;
    if (parsed.has(whole)) continue;
    parsed.add(whole);
    expect({ whole, errors: parseErrors(file.shape, '', whole) }).toEqual({ whole, errors: [] });
  }
});

test('an answer with nothing after it ends with its line, or with the block that was just opened', () => {
  const last = samplesOf('last', 400).filter(({ suffix, file }) => suffix === '' && file.after.trim() !== '');
  expect(last.length).toBeGreaterThan(50);
  for (const { prefix, answer } of last) {
    const isBlock = /\{\n\s*$/.test(prefix);
    expect(answer.includes('\n')).toBe(isBlock);
    if (isBlock) expect(answer).toMatch(/\n\s*\}[)};]*$/);
  }
});

test('with nothing but a line end after it an answer ends the file', () => {
  const drawn = samplesOf('ending', 400);
  for (const { kind, suffix } of drawn) if (kind === 'ending') expect(suffix).toBe('\n');
  const samples = drawn.filter(({ suffix }) => /^\s+$/.test(suffix));
  expect(samples.length).toBeGreaterThan(20);
  for (const { suffix, file } of samples) expect(file.after).toBe(suffix);
});

test('lines go on over the end of a block, and some begin before their margin', () => {
  const answers = samplesOf('lines', 400)
    .filter(({ kind }) => kind === 'lines')
    .map(({ answer }) => answer);
  const depthOf = (text: string): number =>
    [...text].reduce((depth, sign) => depth + ('{[('.includes(sign) ? 1 : '}])'.includes(sign) ? -1 : 0), 0);
  expect(answers.filter((answer) => depthOf(answer) < 0).length).toBeGreaterThan(answers.length / 10);
  expect(answers.filter((answer) => depthOf(answer) > 0).length).toBeGreaterThan(0);
  expect(answers.filter((answer) => depthOf(answer) === 0).length).toBeGreaterThan(answers.length / 3);
  expect(answers.filter((answer) => /^\s/.test(answer)).length).toBeGreaterThan(answers.length / 20);
});

test('one seed gives one corpus', () => {
  expect(samplesOf('a', 20)).toEqual(samplesOf('a', 20));
  expect(samplesOf('a', 20)).not.toEqual(samplesOf('b', 20));
});
