/** What a query with GROUP BY computes of children, and what becomes of its rows. */
import { customName } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { free, seen, when } from '../apex.js';
import type { Part } from '../part.js';
import { isReserved } from '../style.js';
import { addedInLines, lines, literal, loop, type Relation } from './base.js';

/** What is computed of the children: with a field or by counting. */
interface Measure {
  /** `SUM(Amount__c)`. */
  readonly soql: string;
  readonly type: string;
  /** What the query calls it. */
  readonly alias: string;
  readonly noun: string;
  /** In names of methods: `Total`, `TotalAmount`. */
  readonly big: string;
  /** The parent's field that it is written to. */
  readonly to: string;
}

/** A count, or one figure of a field, and the parent's field for it. */
export function drawMeasure(part: Part, rel: Relation): Measure | null {
  const { thing } = part;
  const field = part.random.chance(0.5) ? part.field(['currency', 'integer']) : null;
  const word = part.random.chance(0.15) ? unknownWord(part.random) : '';
  const safe = (name: string): string => (word === '' || isReserved(word) ? name : word);
  if (field === null) {
    const to = part.pick(customName(`${thing.label} count`), customName(`number of ${thing.plural}`));
    part.draw.noteField(rel.up.thing.api, to);
    return {
      soql: 'COUNT(Id)',
      type: 'Integer',
      alias: safe(part.pick('cnt', 'total', 'num', 'amount', 'howMany')),
      noun: 'count',
      big: `${pascalCase(thing.label)}Count`,
      to,
    };
  }
  const [soql, noun] = part.pick(
    ['SUM', 'total'],
    ['SUM', 'total'],
    ['MAX', 'highest'],
    ['AVG', 'average'],
    ['MIN', 'lowest'],
  ) as [string, string];
  const to = `${pascalCase(noun)}_${field.api.replace(/__c$/, '')}__c`;
  part.draw.noteField(rel.up.thing.api, to);
  return {
    soql: `${soql}(${field.api})`,
    type: 'Decimal',
    alias: safe(part.pick('total', 'amt', 'summed', noun, 'val')),
    noun,
    big: pascalCase(`${noun} ${field.label}`),
    to,
  };
}

/** A further condition on the children, or none. */
export function drawFilter(part: Part): string {
  const field = part.random.chance(0.4) ? part.field(['picklist', 'checkbox']) : null;
  return field === null ? '' : free(` AND ${field.api} = ${literal(part, field)}`);
}

/** The rows of the query, and what code calls them and what it makes of them. */
interface Rows {
  readonly query: string;
  readonly row: string;
  /** Expressions for the parent's id and the figure in a row. */
  readonly id: string;
  readonly value: string;
  /** Variables for figures by parent, and for the parents to be written. */
  readonly map: string;
  readonly updates: string;
}

/** A method's body: the rows go into a map, or to the parents, or through a map to the parents. */
export function aggregateBody(
  part: Part,
  rel: Relation,
  measure: Measure,
  form: 'map' | 'write' | 'both',
  { query, row, id, value, map, updates }: Rows,
): string {
  const up = rel.up.thing;
  const list = `List<${up.api}> ${seen(updates)} = new List<${up.api}>();`;
  const said = part.comment(
    part.pick(
      `the ${measure.noun} per ${up.label}`,
      `${measure.noun} of each ${up.label}`,
      `query the ${measure.noun}, grouped by ${up.label}`,
    ),
  );
  const announced = part.random.chance(part.style.commentRate * 0.7) ? said : '';
  const write = part.pick(
    `update ${updates};`,
    `update ${updates};`,
    `${free('')}${when(`!${updates}.isEmpty()`, `update ${updates};`)}`,
  );
  if (form === 'write') {
    const values = [`Id = ${id}`, `${free(measure.to)} = ${value}`];
    const added = part.random.chance(0.5)
      ? `${updates}.add(new ${up.api}(${values.join(', ')}));`
      : `${free('')}${addedInLines(updates, up.api, values)}`;
    return lines(list, announced, loop('AggregateResult', row, query, added), write);
  }
  const declared = `Map<Id, ${measure.type}> ${seen(map)} = new Map<Id, ${measure.type}>();`;
  const isZeroFirst = part.random.chance(0.3);
  const zeroes = isZeroFirst
    ? lines(
        part.comment(
          part.pick('those without any have zero', 'zero where there is none', 'everything starts at zero'),
        ),
        loop('Id', rel.oneId, rel.ids, `${map}.put(${rel.oneId}, 0);`),
      )
    : '';
  const read = part.random.chance(0.2)
    ? lines(`${free('')}Id ${seen(rel.oneId)} = ${id};`, `${map}.put(${rel.oneId}, ${value});`)
    : `${map}.put(${id}, ${value});`;
  const collecting = lines(declared, zeroes, announced, loop('AggregateResult', row, query, read));
  if (form === 'map') return lines(collecting, `return ${map};`);
  const found = part.pick('found', measure.noun, 'value');
  const got = isZeroFirst
    ? `${map}.get(${rel.oneId})`
    : part.pick(
        `${map}.containsKey(${rel.oneId}) ? ${map}.get(${rel.oneId}) : 0`,
        `${map}.get(${rel.oneId}) == null ? 0 : ${map}.get(${rel.oneId})`,
      );
  const isNamed = part.random.chance(0.6);
  const put = `${updates}.add(new ${up.api}(Id = ${rel.oneId}, ${free(measure.to)} = ${isNamed ? found : got}));`;
  const second = isNamed ? lines(`${measure.type} ${seen(found)} = ${free('')}${got};`, put) : put;
  return lines(collecting, '', list, loop('Id', rel.oneId, rel.ids, second), write);
}
