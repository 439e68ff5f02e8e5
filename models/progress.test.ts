import { expect, it } from 'vitest';
import { ProgressLine } from './progress.js';

function written(isTTY: boolean, steps: (line: ProgressLine, wait: (ms: number) => void) => void): string {
  let [text, now] = ['', 0];
  const output = { isTTY, write: (more: string) => (text += more) };
  steps(new ProgressLine(() => now, output), (ms) => (now += ms));
  return text;
}

it('is one line on a terminal, written again twice a second at most', () => {
  const text = written(true, (line, wait) => {
    line.show('training', 0, 30);
    for (let done = 1; done <= 30; done++) {
      wait(100);
      line.show('training', done, 30);
    }
  });
  const lines = text.split('\r\x1b[K').slice(1);
  expect(lines[0]).toBe('training …');
  expect(lines[1]).toBe('training: 5 of 30, 10/s, 3 s left');
  expect(lines).toHaveLength(7);
  expect(lines.at(-1)).toBe('training: 30 of 30, 3 s\n');
});

it('names no rate before there is one', () => {
  const text = written(false, (line) => {
    line.show('training', 1, 30);
  });
  expect(text).toBe('training: 1 of 30\n');
});

it('is whole lines elsewhere, without a control character', () => {
  const text = written(false, (line, wait) => {
    line.show('tokenizer', 0, 1);
    for (let done = 0; done <= 100; done++) {
      line.show('training', done, 100);
      wait(1000);
    }
    line.end();
  });
  expect(text.split('\n')).toEqual([
    'tokenizer …',
    'training …',
    'training: 30 of 100, 1/s, 70 s left',
    'training: 60 of 100, 1/s, 40 s left',
    'training: 90 of 100, 1/s, 10 s left',
    'training: 100 of 100, 100 s',
    '',
  ]);
});

it('is ended before anything else is said, and once', () => {
  const text = written(true, (line) => {
    line.show('training', 0, 30);
    line.end();
    line.end();
  });
  expect(text).toBe('\r\x1b[Ktraining …\n');
});
