/** How records find their parents: the ids are collected, the parents mapped by them, and the records gone through again. */
import { free, seen, when } from '../apex.js';
import type { Part } from '../part.js';
import { anyLoop, lines, loop, selected, type Relation } from './base.js';

/** Collects the parents' ids of the records, in one of many forms. */
export function collected(part: Part, rel: Relation): string {
  const { thing, names } = part;
  const value = `${names.one}.${seen(rel.lookup)}`;
  const add = `${rel.ids}.add(${value});`;
  const addAgain = `${rel.ids}.add(${names.one}.${rel.lookup});`;
  const declared = `Set<Id> ${seen(rel.ids)} = new Set<Id>();`;
  const each = (...body: readonly string[]): string => loop(thing.api, names.one, names.many, ...body);
  const parent = rel.up.thing.label;
  const form = part.pick('plain', 'plain', 'said', 'unsaid', 'remove', 'remove', 'skip', 'index');
  const announced = part.pick(
    `collect the ids of the ${rel.up.thing.plural}`,
    `which ${rel.up.thing.plural} are involved`,
    `gather every ${parent}`,
  );
  const said = part.random.chance(part.style.commentRate * 0.6) ? part.comment(announced) : '';
  switch (form) {
    case 'plain':
      return lines(said, declared, each(add));
    case 'said': {
      const without = part.pick(
        `not every ${thing.label} has a ${parent}`,
        `only those that have a ${parent}`,
        `a ${thing.label} without a ${parent} is left out`,
      );
      return lines(declared, part.comment(without), each(when(`${value} != null`, addAgain)));
    }
    case 'unsaid':
      return lines(said, declared, each(`${free('')}${when(`${value} != null`, addAgain)}`));
    case 'remove':
      return lines(said, declared, each(add), `${free('')}${rel.ids}.remove(null);`);
    case 'skip':
      return lines(said, declared, each(`${free('')}${when(`${value} == null`, 'continue;')}`, addAgain));
    case 'index':
      return lines(
        said,
        declared,
        `${free('')}for (Integer i = 0; i < ${names.many}.size(); i++) {\n    ${rel.ids}.add(${names.many}[i].${seen(rel.lookup)});\n}`,
      );
  }
}

/** Sometimes leaves early when no record has a parent. */
export function idsGuard(part: Part, rel: Relation): string {
  return part.random.chance(0.25) ? `${free('')}${when(`${rel.ids}.isEmpty()`, 'return;')}` : '';
}

/** The parents by their ids. */
export function mapped(part: Part, rel: Relation, apis: readonly string[]): string {
  const type = rel.up.thing.api;
  const query = `[SELECT ${selected(apis)} FROM ${type} WHERE Id IN :${rel.ids}]`;
  const announced = part.random.chance(part.style.commentRate * 0.5)
    ? part.comment(
        part.pick(
          `load the ${rel.up.thing.plural}`,
          `the ${rel.up.thing.plural} by their ids`,
          `query the ${rel.up.thing.plural} once for all of them`,
        ),
      )
    : '';
  const declared = `Map<Id, ${type}> ${seen(rel.map)} = new Map<Id, ${type}>`;
  if (part.random.chance(0.12)) {
    const put = `${rel.map}.put(${rel.one}.Id, ${rel.one});`;
    return lines(announced, `${free('')}${declared}();`, loop(type, rel.one, query, put));
  }
  return lines(announced, `${declared}(${query});`);
}

/** The records again, each with its parent; `act` writes what is done with the expression for the parent. */
export function withParent(part: Part, rel: Relation, act: (parent: string) => string): string {
  const { thing, names } = part;
  const got = `${rel.map}.get(${names.one}.${rel.lookup})`;
  const declared = `${rel.up.thing.api} ${seen(rel.one)} = ${got};`;
  const isKnown = `${rel.map}.containsKey(${names.one}.${rel.lookup})`;
  const isLong = act('').split('\n').length > 2;
  const body = part.random.weighted<() => string>([
    [2, () => `${free('')}${when(isKnown, act(got))}`],
    [1, () => `${free('')}${when(isKnown, declared, act(rel.one))}`],
    [4, () => lines(declared, when(`${rel.one} != null`, act(rel.one)))],
    [2, () => lines(declared, when(`${rel.one} == null`, 'continue;'), act(rel.one))],
    [
      1,
      () =>
        lines(
          `${free('')}${when(`${names.one}.${rel.lookup} == null`, 'continue;')}`,
          declared,
          act(rel.one),
        ),
    ],
    [
      1.5,
      () =>
        lines(
          `${free('')}${when(`!${isKnown}`, 'continue;')}`,
          isLong ? lines(declared, act(rel.one)) : act(got),
        ),
    ],
  ])();
  return anyLoop(part, thing.api, names.one, names.many, body);
}
