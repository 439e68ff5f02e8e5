import { describe, expect, it } from 'vitest';
import { drawAssignment } from './assignments.js';
import { drawnDay } from './conditions-calendar.js';
import { drawCondition, drawConditions, nounPhrase, type Condition } from './conditions.js';
import type { WordedCondition } from './conditions-wording.js';
import { Draw } from './draw.js';
import { drawThing, fieldsOf } from './nouns.js';
import { pluralOf } from './plurals.js';
import { saidNumber } from './numbers.js';
import { drawOrder } from './orders.js';
import { parseErrors } from './parses.js';
import { Random } from './random.js';
import { fixedLabels, picklists } from './words/fields.js';

const drawsCount = 1500;

function draws(): readonly Draw[] {
  return Array.from({ length: drawsCount }, (_none, at) => new Draw(new Random(`conditions ${at}`)));
}

function texts({ after, before, clause }: Condition): readonly string[] {
  return before === null ? [after, clause] : [after, clause, before];
}

describe('conditions', () => {
  it('say every quoted value, and say it whole', () => {
    const unsaid = draws().flatMap((draw) => {
      const condition = drawCondition(draw, drawThing(draw), {
        types: ['picklist', 'text', 'email', 'phone'],
      });
      if (condition === null) return [];
      const values = [...condition.soql.matchAll(/'%?([^'%]+)%?'/g)].map(([, value]) => value!.toLowerCase());
      return texts(condition)
        .filter((text) => !values.every((value) => saysValue(text.toLowerCase(), value)))
        .map((text) => `${text} => ${condition.soql}`);
    });
    expect(unsaid).toEqual([]);
  });

  it('leave no template, doubled blank or unfilled label in the English', () => {
    const broken = draws().flatMap((draw) => {
      const thing = drawThing(draw);
      const conditions = drawConditions(draw, thing, 3);
      const { english } = nounPhrase(draw, thing, conditions, 'many');
      const assignment = drawAssignment(draw, thing, { number: 'many' });
      const order = drawOrder(draw, thing);
      return [
        english,
        ...conditions.flatMap(texts),
        assignment?.imperative,
        assignment?.noun,
        order?.english,
      ].filter(
        (text) =>
          text !== undefined &&
          /[{}|]| {2}|LABEL|TEXT|undefined|\bITS?\b(?!')(?! department)/.test(
            text.replace(/'?"?\bIT\b"?'?/g, 'it'),
          ),
      );
    });
    expect(broken).toEqual([]);
  });

  it('come back in the order in which they are said, on different fields', () => {
    for (const draw of draws()) {
      const thing = drawThing(draw);
      const asked = drawConditions(draw, thing, 3);
      expect(new Set(asked.map(({ field }) => field.api)).size).toBe(asked.length);
      const { english, conditions } = nounPhrase(draw, thing, asked, 'many');
      expect([...conditions].sort(bySoql)).toEqual([...asked].sort(bySoql));
      let from = 0;
      for (const condition of conditions) {
        const end = endOf(condition, english, from);
        expect(end, `${condition.soql} from ${from}: ${english}`).toBeGreaterThan(from);
        from = end;
      }
    }
  });

  it('and assignments and orders are Apex', () => {
    const errors = draws()
      .slice(0, 250)
      .flatMap((draw) => {
        const thing = drawThing(draw);
        const where = drawConditions(draw, thing, 2).map(({ soql }) => soql);
        const test = drawCondition(draw, thing, { isInMemory: true })?.apex?.(thing.one) ?? 'true';
        const order = drawOrder(draw, thing)?.soql ?? 'Id';
        const { field, value } = drawAssignment(draw, thing)!;
        const code = `List<${thing.api}> ${thing.many} = [SELECT Id FROM ${thing.api}${where.length > 0 ? ' WHERE ' : ''}${where.join(' AND ')} ORDER BY ${order}];
for (${thing.api} ${thing.one} : ${thing.many}) { if (${test}) { ${thing.one}.${field.api} = ${value}; } }`;
        return parseErrors('statements', '', code).map((error) => `${error}: ${code}`);
      });
    expect(errors).toEqual([]);
  });
});

/** Where the first wording of the condition ends that `english` has from there on; -1 = it has none. */
function endOf(condition: Condition, english: string, from: number): number {
  const { after, before, bare, short } = condition as WordedCondition;
  const wordings = [
    before ?? after,
    after,
    after.replace(/^(?:with|w\/) /, ''),
    bare,
    short ?? after,
  ].flatMap((text) => [
    text,
    text.replace(/\b(?:that|which) (?=are|have|were|lack|do|don't|aren't|haven't)/g, 'who '),
  ]);
  const ends = wordings
    .map((text) => [english.indexOf(text, from), text.length] as const)
    .filter(([start]) => start >= 0)
    .map(([start, length]) => start + length);
  return ends.length === 0 ? -1 : Math.min(...ends);
}

/** "lost" says Closed Lost; a hyphen may stand for a blank. */
function saysValue(text: string, value: string): boolean {
  return text.includes(value) || (value === 'closed lost' && /\blost\b/.test(text));
}

function bySoql(one: Condition, other: Condition): number {
  return one.soql < other.soql ? -1 : 1;
}

describe('things', () => {
  it('are the same for the same seed', () => {
    const [one, other] = [0, 1].map(() => {
      const draw = new Draw(new Random('same'));
      const thing = drawThing(draw);
      return [thing, drawConditions(draw, thing, 3).map(({ after }) => after), drawAssignment(draw, thing)];
    });
    expect(one).toEqual(other);
  });

  it('have fields of different names, and are never the one that they must not be', () => {
    for (const draw of draws()) {
      const thing = drawThing(draw, { without: 'Account' });
      expect(thing.api).not.toBe('Account');
      const names = thing.fields.map(({ api }) => api);
      expect(new Set(names).size, `${thing.api}: ${names.join()}`).toBe(names.length);
      expect(thing.one).not.toBe(thing.many);
    }
  });

  it('have a type for each custom label, the same everywhere', () => {
    const types = new Map<string, string>();
    for (const draw of draws()) {
      for (const { api, type } of fieldsOf(drawThing(draw), [
        'currency',
        'integer',
        'date',
        'checkbox',
        'email',
        'datetime',
        'text',
      ])) {
        if (!api.endsWith('__c')) continue;
        expect(types.get(api) ?? type, api).toBe(type);
        types.set(api, type);
      }
    }
    expect(types.size).toBeGreaterThan(600);
  });

  it('have no checkbox that says the same as a status', () => {
    const flags = new Set(fixedLabels.checkbox);
    expect(picklists['status']!.filter((status) => flags.has(status.toLowerCase()))).toEqual([]);
  });

  it('have English plurals', () => {
    expect(['policy', 'purchase order', 'bus', 'tax', 'survey', 'story', 'person'].map(pluralOf)).toEqual([
      'policies',
      'purchase orders',
      'buses',
      'taxes',
      'surveys',
      'stories',
      'people',
    ]);
  });
});

describe('days', () => {
  it('are said so that only one day is meant', () => {
    const random = new Random('days');
    for (let at = 0; at < 2000; at++) {
      const { year, day, month, text } = drawnDay(random);
      expect(text).toContain(String(year));
      const numbers = text.match(/\d+/g)!.map(Number);
      if (numbers.length === 2) expect(numbers).toEqual(expect.arrayContaining([day, year]));
      else if (numbers[0] === year) expect(numbers).toEqual([year, month, day]);
      else expect([[...numbers].sort(), day > 12]).toEqual([[year, month, day].sort(), true]);
    }
  });
});

describe('numbers', () => {
  it('are said in wordings that mean them', () => {
    const random = new Random('numbers');
    const said = (value: number): string[] =>
      [...new Set(Array.from({ length: 300 }, () => saidNumber(random, value)))].sort();
    expect(said(100_000)).toEqual(['100 thousand', '100,000', '100000', '100K', '100k']);
    expect(said(2_500_000)).toEqual(['2,500,000', '2.5 million', '2.5M', '2.5m', '2500000']);
    expect(said(10)).toEqual(['10', 'ten']);
    expect(said(1234)).toEqual(['1,234', '1234']);
  });
});
