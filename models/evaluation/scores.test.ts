import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreFlow } from './flow-scores.js';
import { editSimilarity, scoreInline } from './inline-scores.js';
import { freeQuestions, tasks } from './questions.js';
import { scoreAnswer } from './scores.js';

const prompts = path.resolve(import.meta.dirname, '../prompts');

describe.each(tasks)('freely worded prompts of %s', (task) => {
  const questions = freeQuestions(prompts, task);

  it('have accepted answers that are right themselves', () => {
    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) {
      for (const answer of question.accepted) {
        const { right, values } = scoreAnswer(question, answer, true);
        expect({ id: question.id, right, ...values }).toEqual({
          id: question.id,
          right: true,
          ...Object.fromEntries(Object.keys(values).map((name) => [name, 1])),
        });
      }
    }
  });

  it('have answers that are wrong for another prompt', () => {
    const wrong = questions.filter((question, index) => {
      const other = questions[(index + 1) % questions.length]!;
      return !scoreAnswer(question, other.accepted[0]!, true).right;
    });
    expect(wrong).toHaveLength(questions.length);
  });
});

const check = {
  name: 'Check_Amount',
  type: 'decision',
  if: 'Amount > 1000',
  yes: 'Set_Rating',
  no: 'Post_Sales',
};
const set = { name: 'Set_Rating', type: 'set', field: 'Rating', value: 'Hot' };
const post = { name: 'Post_Sales', type: 'post', channel: 'Sales' };
const flow = {
  flow: 'Case_On_Create',
  object: 'Case',
  on: 'create',
  when: ["Status = 'New'", 'IsClosed = false'],
  steps: [check, set, post],
};

function compared(changed: object) {
  const { object, event, conditions, steps, right, exact } = scoreFlow(
    [JSON.stringify(flow)],
    JSON.stringify(changed),
  );
  return { object, event, conditions, steps, right, exact };
}

const all = { object: true, event: true, conditions: true, steps: true, right: true, exact: true };

describe('a flow', () => {
  const renamed = [
    { ...check, name: 'A', yes: 'B', no: 'C' },
    { ...set, name: 'B' },
    { ...post, name: 'C' },
  ];
  const swapped = [{ ...check, yes: 'Post_Sales', no: 'Set_Rating' }, set, post];

  it.each([
    ['itself', {}, {}],
    ['its name', { flow: 'Other' }, { exact: false }],
    ['names of steps', { steps: renamed }, { exact: false }],
    ['order of conditions', { when: [...flow.when].reverse() }, { exact: false }],
    ['object', { object: 'Lead' }, { object: false, right: false, exact: false }],
    ['event', { on: 'update' }, { event: false, right: false, exact: false }],
    [
      'a condition',
      { when: ["Status = 'Old'", 'IsClosed = false'] },
      { conditions: false, right: false, exact: false },
    ],
    ['a missing condition', { when: flow.when.slice(1) }, { conditions: false, right: false, exact: false }],
    ['order of steps', { steps: [check, post, set] }, { steps: false, right: false, exact: false }],
    [
      'a value',
      { steps: [check, { ...set, value: 'Cold' }, post] },
      { steps: false, right: false, exact: false },
    ],
    ['where a decision points', { steps: swapped }, { steps: false, right: false, exact: false }],
    [
      'a decision’s end',
      { steps: [{ ...check, no: 'End' }, set, post] },
      { steps: false, right: false, exact: false },
    ],
  ])('that differs in %s', (_, change, expected) => {
    expect(compared({ ...flow, ...change })).toEqual({ ...all, ...expected });
  });

  it('that is no JSON, or breaks the schema, is not valid', () => {
    const text = JSON.stringify(flow);
    expect(scoreFlow([text], text.slice(0, -1))).toMatchObject({
      isJson: false,
      isValid: false,
      right: false,
    });
    const { field: _field, ...unset } = set;
    const broken = JSON.stringify({ ...flow, steps: [unset] });
    expect(scoreFlow([text], broken)).toMatchObject({ isJson: true, isValid: false, right: false });
    expect(scoreFlow([text], text)).toMatchObject({ isJson: true, isValid: true, right: true });
  });
});

describe('edit similarity', () => {
  const text = fc.string({ maxLength: 30 });

  it('is 1 of equal texts only, the same both ways, and between 0 and 1', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const similarity = editSimilarity(a, b);
        expect(similarity).toBe(editSimilarity(b, a));
        expect(similarity >= 0 && similarity <= 1).toBe(true);
        expect(similarity === 1).toBe(a === b);
        expect(editSimilarity(a, a)).toBe(1);
      }),
    );
  });

  it('falls by one part for one inserted character', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const length = a.length + b.length + 1;
        expect(editSimilarity(a + b, `${a}\u2603${b}`)).toBeCloseTo(1 - 1 / length, 10);
      }),
    );
  });

  it('is 1 − 3/7 of kitten and sitting', () => {
    expect(editSimilarity('kitten', 'sitting')).toBeCloseTo(4 / 7, 10);
  });
});

describe('a completion', () => {
  const [before, after] = ['class A { void b() { Integer ma', '\n\treturn; } }'];
  const question = {
    task: 'inline',
    id: 'a',
    kind: 'hole',
    accepted: ['s = 1; // x  y'],
    prefix: before,
    suffix: after,
    file: { shape: 'class', before, after },
  } as const;
  it.each([
    ['itself', 's = 1; // x  y', true],
    ['spacing', 's=1;// x  y', true],
    ['a word cut in two', ' s = 1; // x  y', false],
    ['spacing in a comment', 's = 1; // x y', false],
    ['a comment that goes on', 's = 1; // x  y return; } }', false],
  ])('that differs in %s', (_, answer, isExact) => {
    expect(scoreInline(question, answer).exact).toBe(isExact);
  });
});
