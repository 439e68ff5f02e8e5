import { expect, test } from 'vitest';
import { withMarkedBlock } from './marked-block.js';

test('new text takes the place of the old one, and nothing around it changes', () => {
  const file = (content: string) =>
    `# Card\n\n<!-- eval:begin -->\n\n${content}\n\n<!-- eval:end -->\n\nMore.\n`;
  expect(withMarkedBlock(file('old\n\nold'), 'eval', 'new')).toBe(file('new'));
});

test('a file without its marks, or with them turned round, is refused', () => {
  for (const text of ['# Card\n', '<!-- eval:begin -->\n', '<!-- eval:end -->\n<!-- eval:begin -->\n']) {
    expect(() => withMarkedBlock(text, 'eval', 'new')).toThrow(/<!-- eval:begin --> and <!-- eval:end -->/);
  }
});
