import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import { parseErrors } from '../parses.js';
import { Random } from '../random.js';
import { changeKinds } from './changes.js';
import { classKinds } from './classes.js';
import type { Kind, Made } from './kind.js';
import { methodKinds } from './methods.js';
import { triggerKinds } from './triggers.js';

const kinds = [...changeKinds, ...methodKinds, ...classKinds, ...triggerKinds];
const perKind = 8;
const triesMax = 400;

/** Samples of one kind; fewer than asked for = it nearly never can be drawn. */
function samples(kind: Kind, seed: string, count = perKind): Made[] {
  const draw = new Draw(new Random(seed));
  const found: Made[] = [];
  for (let turn = 0; turn < triesMax && found.length < count; turn++) {
    const made = kind.make(draw, drawThing(draw));
    if (made !== null) found.push(made);
  }
  return found;
}

describe.each(kinds)('$kind', (kind) => {
  it('gives Apex that parses', () => {
    const found = samples(kind, `parse ${kind.kind}`);
    expect(found).toHaveLength(perKind);
    for (const { shape, given, answer } of found)
      expect([answer, parseErrors(shape ?? 'statements', given ?? '', answer)]).toEqual([answer, []]);
  });

  it('gives the same for the same seed', () => {
    expect(samples(kind, 'again')).toEqual(samples(kind, 'again'));
  });

  it('speaks without template marks, double blanks and double commas', () => {
    for (const { prompt } of samples(kind, `marks ${kind.kind}`, 40))
      expect(prompt).not.toMatch(/[{}|]|undefined| {2}|,,|, *$/);
  });
});

/** Verbs that stand for a status, and words for a stage, by the beginning of the value. */
const sayings: Readonly<Record<string, RegExp>> = {
  complet: /complet|finish/i,
  deferr: /defer|postpone/i,
  submitt: /submit/i,
  'closed lost': /lost/i,
  'closed won': /won/i,
};

it('says every text that an update or a delete compares or assigns', () => {
  const found = ['update', 'delete'].flatMap((name) =>
    samples(
      changeKinds.find(({ kind }) => kind === name)!,
      `texts ${name}`,
      200,
    ),
  );
  let texts = 0;
  for (const { prompt, answer } of found) {
    for (const [, text] of answer.matchAll(/(?:[^!]= |IN \(|, )'%?([^'%]+)%?'/g)) {
      const stem = text!.toLowerCase().replace(/(ped|led|ed|e)$/, '');
      expect(prompt.toLowerCase()).toMatch(sayings[stem] ?? new RegExp(stem.replace(/[^\w\s]/g, '.')));
      texts++;
    }
  }
  expect(texts).toBeGreaterThan(100);
});
