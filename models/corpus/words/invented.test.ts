import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { drawAction, drawChannel, drawEmailSubject, drawQueue, drawTaskSubject } from '../flows/names.js';
import { drawThing, type Thing } from '../nouns.js';
import { withArticle } from '../phrase.js';
import { pluralOf, singularOf } from '../plurals.js';
import { isReserved } from '../inline/style.js';
import { Random } from '../random.js';
import { fieldHeads, fixedLabels, fieldAdjectives, fieldModifiers, picklists } from './fields.js';
import { inventedWord, unknownName, unknownWord, withUnknownWords } from './invented.js';
import { objectHeads, objectLabels, objectModifiers } from './objects.js';
import { standardObjects } from './standard.js';

const random = new Random('invented');
const words = Array.from({ length: 2000 }, () => unknownWord(random));

describe('unknown words', () => {
  it('are hardly ever the same', () => {
    expect(new Set(Array.from({ length: 2000 }, () => inventedWord(random))).size).toBeGreaterThan(1850);
  });

  it('are never reserved, an object or a field', () => {
    const standard = new Set(
      standardObjects
        .flatMap(({ api, fields }) => [api, ...fields.map((field) => field.api)])
        .map((name) => name.toLowerCase()),
    );
    expect(words.filter((word) => isReserved(word) || standard.has(word))).toEqual([]);
  });

  it('have a plural that leads back, and an article by their first letter', () => {
    for (const word of words) {
      expect(word).toMatch(/^[a-z]+$/);
      expect(singularOf(pluralOf(word))).toBe(word);
      expect(withArticle(word)).toBe(`${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`);
    }
  });

  it('are the same from the same seed', () => {
    expect(unknownName(new Random('a'))).toBe(unknownName(new Random('a')));
  });

  it('stand for words of a text in the stated share, written as those', () => {
    const texts = Array.from({ length: 2000 }, () => withUnknownWords(random, 'Sync To Erp', { share: 0.4 }));
    expect(texts.filter((text) => text !== 'Sync To Erp').length / 2000).toBeCloseTo(0.4, 1);
    for (const text of texts) expect(text).toMatch(/^[A-Z][a-z]+ To [A-Z][a-z]+$/);
  });
});

describe('labels of 2000 draws', () => {
  const known = new Set(
    [
      ...objectLabels,
      ...objectHeads,
      ...objectModifiers,
      ...fieldAdjectives,
      ...fieldModifiers,
      ...Object.values(fieldHeads).flat(),
      ...Object.values(fixedLabels).flat(),
      ...Object.keys(picklists),
      ...standardObjects.map(({ label }) => label),
    ].flatMap((label) => label.split(' ')),
  );
  const isNew = (label: string) => label.split(' ').some((word) => !known.has(word));
  const things: Thing[] = Array.from({ length: 2000 }, (_, at) =>
    drawThing(new Draw(new Random(`thing ${at}`)), { isCustom: true }),
  );

  it('are to about a fifth unknown, of objects and of fields', () => {
    expect(things.filter(({ label }) => isNew(label)).length / 2000).toBeGreaterThan(0.15);
    expect(things.filter(({ label }) => isNew(label)).length / 2000).toBeLessThan(0.25);
    const fields = things.flatMap((thing) => thing.fields.filter(({ api }) => api.endsWith('__c')));
    const share = fields.filter(({ label }) => isNew(label)).length / fields.length;
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.25);
  });

  it('are said and written as one', () => {
    for (const { api, label, plural, className } of things) {
      expect(api.replace(/__c$/, '').replaceAll('_', ' ').toLowerCase()).toBe(label);
      expect(className.toLowerCase()).toBe(label.replaceAll(' ', ''));
      expect(plural).toBe(pluralOf(label));
    }
  });

  it('have values of which about a fifth or more are unknown', () => {
    const usual = new Set([
      ...Object.values(picklists).flat(),
      ...standardObjects.flatMap(({ fields }) => fields.flatMap(({ values }) => values)),
    ]);
    const values = things.flatMap(({ fields }) =>
      fields.filter(({ type }) => type === 'picklist').flatMap((field) => field.values),
    );
    const share = values.filter((value) => !usual.has(value)).length / values.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.6);
  });
});

describe('texts that are to be copied', () => {
  it.each([
    ['a queue', drawQueue],
    ['a channel', drawChannel],
    ['an action', drawAction],
    ['a subject', drawTaskSubject],
    ['an email', drawEmailSubject],
  ])('%s is never the same for long', (_, make) => {
    const texts = Array.from({ length: 2000 }, (__, at) => make(new Random(`text ${at}`)));
    expect(new Set(texts).size / 2000).toBeGreaterThan(0.45);
    for (const text of texts) expect(text).not.toMatch(/[{}|]| {2}/);
  });
});
