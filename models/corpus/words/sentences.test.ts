/** Texts that people put into quotes. */
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { naturalDuty, naturalName, naturalText } from './sentences.js';

const count = 3000;

function drawn(draw: (random: Random) => string): readonly string[] {
  const random = new Random('sentences');
  return Array.from({ length: count }, () => draw(random));
}

describe('naturalText', () => {
  const texts = drawn(naturalText);

  it('has two to ten words and nothing that ends a text in Apex or JSON, or a template', () => {
    for (const text of texts) {
      expect(text).toMatch(/^[^'"\\{}|\n]+$/);
      expect(text.split(' ').length).toBeGreaterThanOrEqual(2);
      expect(text.split(' ').length).toBeLessThanOrEqual(10);
      expect(text).not.toMatch(/^\s|\s$|\s\s/);
    }
  });

  it('seldom says the same twice', () => {
    expect(new Set(texts).size).toBeGreaterThan(0.97 * count);
  });
});

it('naturalDuty is in small letters, naturalName in capitals', () => {
  for (const duty of drawn(naturalDuty)) expect(duty).toMatch(/^[a-z ]+$/);
  for (const name of drawn(naturalName)) expect(name).toMatch(/^[A-Z][A-Za-z]*( [A-Z][a-z]*)*$/);
});
