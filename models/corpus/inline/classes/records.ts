/** What aggregates and look-ups share: names that do not meet, loops, queries, writes of lists. */
import { pascalCase } from '../../phrase.js';
import { free } from '../apex.js';
import { anyLoop, loop, type Relation } from '../bulk/base.js';
import type { Part } from '../part.js';
import { isReserved } from '../style.js';

/** The names of one scope: none is given twice, whatever its case. */
export class Scope {
  private readonly used: Set<string>;

  constructor(
    private readonly part: Part,
    ...taken: readonly string[]
  ) {
    this.used = new Set(taken.map((name) => name.toLowerCase()));
  }

  /** One of the names that is still to be had; the first with a tail where none is. */
  pick(...names: readonly string[]): string {
    const left = names.filter((name) => !isReserved(name) && !this.used.has(name.toLowerCase()));
    const name = left.length > 0 ? this.part.random.pick(left) : `${names[0]!}Record`;
    this.used.add(name.toLowerCase());
    return name;
  }

  /** The file's own name half of the time, otherwise one of those. */
  own(name: string, ...names: readonly string[]): string {
    return this.part.random.chance(0.5) ? this.pick(name, name) : this.pick(...names, name);
  }
}

/** A variable for one record of the part's object. */
export function oneName(part: Part, scope: Scope): string {
  const { one } = part.thing;
  return scope.own(part.names.one, one, one.slice(0, 3), one.slice(0, 1), 'rec', 'record', 'item');
}

/** A variable for a list of them. */
export function manyName(part: Part, scope: Scope): string {
  const { many, plural } = part.thing;
  const big = pascalCase(plural);
  return scope.own(part.names.many, many, many, 'records', 'scope', `new${big}`, `all${big}`, 'items');
}

/** The set of ids of parents, as the relation calls it or another name for it. */
export function idsName(rel: Relation, scope: Scope): string {
  return scope.pick(rel.ids, rel.ids, `${rel.noun}Ids`, 'parentIds', 'ids', 'recordIds');
}

/** A loop over records, now and then by index. */
export function looped(part: Part, one: string, list: string, ...body: readonly string[]): string {
  return one.length > 1 && one !== 'index'
    ? anyLoop(part, part.thing.api, one, list, ...body)
    : loop(part.thing.api, one, list, ...body);
}

/** A query by its clauses. */
interface Query {
  readonly select: readonly string[];
  readonly from: string;
  readonly where: readonly string[];
  readonly tail: readonly string[];
}

/** The query in brackets, on one line or with a clause a line. */
export function queried(part: Part, { select, from, where, tail }: Query): string {
  const [first, ...others] = where;
  if (part.random.chance(0.6)) {
    const clauses = [
      `SELECT ${select.join(', ')} FROM ${from}`,
      ...(first === undefined ? [] : [`WHERE ${[first, ...others].join(' AND ')}`]),
      ...tail,
    ];
    return `[${clauses.join(' ')}]`;
  }
  const isSplit = select.length > 2 && part.random.chance(0.4);
  const clauses = [
    `SELECT ${select.join(isSplit ? ',\n        ' : ', ')}`,
    `FROM ${from}`,
    ...(first === undefined ? [] : [`WHERE ${first}`, ...others.map((other) => `AND ${other}`)]),
    ...tail,
  ];
  return `[\n${clauses.map((clause) => `    ${clause}`).join('\n')}\n]`;
}

/** What may follow before a list is written: nothing, a check, or a list given to Database. */
export function written(part: Part, verb: 'insert' | 'update', list: string): string {
  return part.random.weighted([
    [5, `${verb} ${list};`],
    [3, `${free('')}if (!${list}.isEmpty()) {\n    ${verb} ${list};\n}`],
    [1, `${free('')}if (${list}.size() > 0) {\n    ${verb} ${list};\n}`],
    [0.7, `${free('')}Database.${verb}(${list}, ${free('false')});`],
  ]);
}
