/** Every maker of members, by itself: what it writes is a class's inside, and asks for something. */
import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import { parseErrors } from '../parses.js';
import { Random } from '../random.js';
import { unmarked } from './apex.js';
import { fileKinds } from './kinds.js';
import { Part, type Member } from './part.js';
import { drawStyle, namesOf } from './style.js';

const makers = [
  ...new Set(
    fileKinds.flatMap(({ first, members }) => [
      ...(first === undefined ? [] : [first]),
      ...members.map(([, member]) => member),
    ]),
  ),
];
const drawsMax = 60;
const textsWanted = 2;

function textsOf(maker: Member): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < drawsMax && texts.length < textsWanted; at++) {
    const draw = new Draw(new Random(`${maker.name} ${at}`));
    const style = drawStyle(draw.random);
    const thing = drawThing(draw);
    const text = maker(new Part(draw, style, thing, namesOf(style, thing), `${thing.className}Sample`));
    if (text !== null) texts.push(text);
  }
  return texts;
}

describe('a maker of members', () => {
  it.each(makers.map((maker, at) => [maker.name || `number ${at}`, maker] as const))(
    '%s writes what parses in a class',
    (_name, maker) => {
      const texts = textsOf(maker);
      expect(texts).toHaveLength(textsWanted);
      for (const marked of texts) {
        const { text, spans } = unmarked(marked);
        expect({ text, errors: parseErrors('member', '', text) }).toEqual({ text, errors: [] });
        expect(text).not.toMatch(/undefined|NaN|\[object|\0/);
        const hidden = spans
          .filter(({ isFree }) => isFree)
          .reduce((sum, { start, end }) => sum + end - start, 0);
        expect(hidden).toBeLessThan(text.length * 0.9);
      }
    },
  );
});
