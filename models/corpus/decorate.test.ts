import { describe, expect, it } from 'vitest';
import { decorated } from './decorate.js';
import { Random } from './random.js';

const requests = [
  'Find the invoices with status Open whose Due_Date__c has passed and that are over 1,000, newest first, limit 10.',
  "Create a task 'Call the customer back' for the owner, due in 2 days",
  'When an opportunity is won, set the NextStep to "Plan the kickoff, then call" and email the manager',
  'How many leads from Berlin have not been converted?',
  'I need a batch class that deletes cases that are not escalated. It does 200 at a time.',
];

function drawn(task: 'block' | 'flow', count = 3000): string[][] {
  return requests.map((request, at) =>
    Array.from({ length: count }, (_, number) => decorated(new Random(`${at} ${number}`), request, task)),
  );
}

describe.each(['block', 'flow'] as const)('a decorated %s', (task) => {
  const texts = drawn(task);

  it('keeps quoted text, API names and numbers letter for letter', () => {
    for (const text of texts[0]!) {
      for (const kept of ['Due_Date__c', '1,000', '10']) expect(text).toContain(kept);
    }
    for (const text of texts[1]!) expect(text).toContain("'Call the customer back'");
    for (const text of texts[2]!) expect(text).toContain('NextStep');
    for (const text of texts[2]!) expect(text).toContain('"Plan the kickoff, then call"');
  });

  it('keeps names and values, but for their capitals', () => {
    for (const text of texts[0]!) expect(text).toMatch(/status\s+[Oo]pen/);
    for (const text of texts[3]!) expect(text).toMatch(/leads.*Berlin|leads.*berlin/);
  });

  it('keeps every no', () => {
    for (const text of texts[3]!) expect(text).toMatch(/have\s+not|haven't|havent/);
    for (const text of texts[4]!) expect(text).toMatch(/are\s+not|aren't|arent/);
  });

  it('is as it was in some part, and many things in another', () => {
    for (const [at, variants] of texts.entries()) {
      const bare = (text: string) => text.toLowerCase().replace(/\.$/, '');
      const same = variants.filter((text) => bare(text) === bare(requests[at]!)).length;
      expect(same / variants.length).toBeGreaterThan(0.2);
      expect(new Set(variants).size).toBeGreaterThan(30);
    }
  });

  it('is the same from the same seed', () => {
    expect(drawn(task, 20)).toEqual(texts.map((variants) => variants.slice(0, 20)));
  });
});

describe('texts to be copied', () => {
  const kept = ['Organize the velmor and the Tandle', 'initialize it', 'Brisk Oflan'];
  const request = `create a task ${kept[0]!} for the owner, due tomorrow, route it to the ${kept[2]!} queue and ${kept[1]!}`;

  it('stay letter for letter without quotes', () => {
    const texts = Array.from({ length: 3000 }, (_, at) =>
      decorated(new Random(`kept ${at}`), request, 'flow', kept),
    );
    for (const text of texts) for (const literal of kept) expect(text).toContain(literal);
    expect(new Set(texts).size).toBeGreaterThan(30);
  });
});

describe('comments', () => {
  it('are only of code', () => {
    expect(
      drawn('flow')
        .flat()
        .filter((text) => text.startsWith('//')),
    ).toEqual([]);
    expect(
      drawn('block')
        .flat()
        .some((text) => text.startsWith('// ')),
    ).toBe(true);
  });
});

it('leaves a text to keep alone only where it is a word of its own', () => {
  const texts = Array.from({ length: 500 }, (_, number) =>
    decorated(new Random(`part ${number}`), 'Find the cases that do not have an email', 'block', ['no']),
  );
  expect(texts.some((text) => /\bdon't\b/.test(text))).toBe(true);
});
