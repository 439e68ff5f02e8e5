/** How one file is written: layout, comments, names. Drawn once for a file and kept throughout it. */
import type { Thing } from '../nouns.js';
import { capitalized, pascalCase } from '../phrase.js';
import { pluralOf } from '../plurals.js';
import type { Random } from '../random.js';
import { unknownWord } from '../words/invented.js';
import { free, seen } from './apex.js';

export interface Style {
  readonly indent: string;
  /** `{` on a line of its own. */
  readonly isBraceAlone: boolean;
  /** `} else {` on one line. */
  readonly isElseCuddled: boolean;
  /** `if (`, or `if(`. */
  readonly isKeywordSpaced: boolean;
  /** `Map<Id, Account>`, or `Map<Id,Account>`. */
  readonly isGenericSpaced: boolean;
  /** `SELECT`, or `select`. */
  readonly isSoqlUpper: boolean;
  /** Queries on several lines: no, after the first line, or with the brackets alone. */
  readonly soqlLayout: 'line' | 'hanging' | 'bracketed';
  readonly accessors: '{ get; set; }' | '{get; set;}' | '{get;set;}';
  /** `@IsTest`, or `@isTest`. */
  readonly isAnnotationUpper: boolean;
  /** An empty line after the class's first line. */
  readonly isOpeningAiry: boolean;
  readonly comment: CommentStyle;
  /** How many statements have a comment, in [0, 1]. */
  readonly commentRate: number;
  readonly doc: 'none' | 'apexdoc' | 'description' | 'line' | 'block';
  readonly log: LogStyle;
  readonly names: NameStyle;
  /** A noun of the author's own for the records, `velmor`; null = they are named after the object. */
  readonly ownNoun: string | null;
  readonly error: 'e' | 'ex' | 'err' | 'exc';
  readonly result: 'result' | 'results' | 'res' | 'output';
  /** `this.name = …` in constructors always; in setters and getters too? */
  readonly hasThis: boolean;
  readonly sharing: 'with sharing' | 'without sharing' | 'inherited sharing' | '';
  readonly access: 'public' | 'global';
}

type CommentStyle = '// A' | '//A' | '// a' | '// A.' | '/* A */' | '// --- A';
type LogStyle = 'debug' | 'level' | 'logger' | 'tagged';
type OneStyle = 'plain' | 'short' | 'initial' | 'rec' | 'record' | 'current' | 'obj';
type ManyStyle = 'plain' | 'List' | 'lst' | 'records' | 'To' | 'short';
type MapStyle = 'sById' | 'Map' | 'map' | 'ById' | 'idTo';
type IdsStyle = 'Ids' | 'IdSet' | 'setIds' | 'ids' | 'short';

interface NameStyle {
  readonly one: OneStyle;
  readonly many: ManyStyle;
  readonly map: MapStyle;
  readonly ids: IdsStyle;
}

/** How many files have names that come from no object. */
const ownNounShare = 0.15;

export function drawStyle(random: Random): Style {
  const isPlain = random.chance(0.4);
  return {
    indent: random.weighted([
      [6, '    '],
      [2, '  '],
      [2, '\t'],
    ]),
    isBraceAlone: random.chance(0.15),
    isElseCuddled: random.chance(0.75),
    isKeywordSpaced: random.chance(0.75),
    isGenericSpaced: random.chance(0.8),
    isSoqlUpper: random.chance(0.85),
    soqlLayout: random.weighted([
      [6, 'line'],
      [2, 'hanging'],
      [2, 'bracketed'],
    ]),
    accessors: random.pick(['{ get; set; }', '{ get; set; }', '{get; set;}', '{get;set;}']),
    isAnnotationUpper: random.chance(0.6),
    isOpeningAiry: random.chance(0.3),
    comment: random.weighted([
      [5, '// A'],
      [1, '//A'],
      [3, '// a'],
      [1, '// A.'],
      [1, '/* A */'],
      [0.3, '// --- A'],
    ]),
    commentRate: random.pick([0.2, 0.5, 0.8, 1]),
    doc: random.pick(['none', 'none', 'apexdoc', 'description', 'line', 'block']),
    log: random.weighted([
      [5, 'debug'],
      [3, 'level'],
      [2, 'logger'],
      [1, 'tagged'],
    ]),
    names: isPlain ? { one: 'plain', many: 'plain', map: 'sById', ids: 'Ids' } : drawNames(random),
    ownNoun: random.chance(ownNounShare) ? unknownWord(random) : null,
    error: random.pick(['e', 'e', 'e', 'ex', 'err', 'exc']),
    result: random.pick(['result', 'result', 'results', 'res', 'output']),
    hasThis: random.chance(0.6),
    sharing: random.pick(['with sharing', 'with sharing', 'without sharing', 'inherited sharing', '']),
    access: random.chance(0.95) ? 'public' : 'global',
  };
}

function drawNames(random: Random): NameStyle {
  return {
    one: random.pick(['plain', 'short', 'short', 'initial', 'rec', 'record', 'current', 'obj']),
    many: random.pick(['plain', 'plain', 'List', 'List', 'lst', 'records', 'To', 'short']),
    map: random.pick(['sById', 'Map', 'Map', 'map', 'ById', 'idTo']),
    ids: random.pick(['Ids', 'Ids', 'IdSet', 'setIds', 'ids', 'short']),
  };
}

/** Variables of a file for one object; the members with `new` are for the place where they are declared. */
export interface Names {
  readonly one: string;
  readonly many: string;
  readonly map: string;
  readonly ids: string;
  readonly newOne: string;
  readonly newMany: string;
  readonly newMap: string;
  readonly newIds: string;
}

/** Words that are not drawn as names: a choice of those that Apex does not take or that a file uses for something else. */
const reserved = new Set(
  (
    'a an and any as asc bulk by case cast char date desc do else end enum event exit float for from get goto group having if in int into ' +
    'is join last like limit list long loop map merge new not null of on or order outer search select set sort super task then this throw ' +
    'time to try use user void when with data result error class const final public static return update insert delete trigger global import'
  ).split(' '),
);

/** Whether `name` is one of the words above, in any case. */
export function isReserved(name: string): boolean {
  return reserved.has(name.toLowerCase());
}

function shortOf(base: string): string {
  const words = base.split(/(?=[A-Z])/);
  if (words.length > 1) return words.map((word) => word[0]!.toLowerCase()).join('');
  return /^[aeiou]/.test(base)
    ? base.slice(0, 3)
    : base.slice(0, base.length > 5 ? 4 : 3).replace(/[aeiou]$/, '');
}

function safe(name: string, otherwise: string): string {
  return name.length === 0 || reserved.has(name) || /^\d/.test(name) ? otherwise : name;
}

function oneOf(style: OneStyle, thing: Thing): string {
  switch (style) {
    case 'plain':
      return thing.one;
    case 'short':
      return safe(shortOf(plainBase(thing)), thing.one);
    case 'initial':
      return safe(plainBase(thing)[0]!, 'x');
    case 'rec':
      return 'rec';
    case 'record':
      return 'record';
    case 'current':
      return `current${thing.className}`;
    case 'obj':
      return `obj${thing.className}`;
  }
}

/** `account`, `purchaseOrder`. */
function plainBase(thing: Thing): string {
  return thing.className[0]!.toLowerCase() + thing.className.slice(1);
}

function manyOf(style: ManyStyle, thing: Thing): string {
  switch (style) {
    case 'plain':
      return thing.many;
    case 'List':
      return `${plainBase(thing)}List`;
    case 'lst':
      return `lst${pascalCase(thing.plural)}`;
    case 'records':
      return 'records';
    case 'To':
      return `all${pascalCase(thing.plural)}`;
    case 'short':
      return safe(`${shortOf(plainBase(thing))}s`, thing.many);
  }
}

function mapOf(style: MapStyle, thing: Thing): string {
  switch (style) {
    case 'sById':
      return `${thing.many}ById`;
    case 'Map':
      return `${plainBase(thing)}Map`;
    case 'map':
      return `map${pascalCase(thing.plural)}`;
    case 'ById':
      return `${plainBase(thing)}ById`;
    case 'idTo':
      return `idTo${thing.className}`;
  }
}

function idsOf(style: IdsStyle, thing: Thing): string {
  switch (style) {
    case 'Ids':
      return `${plainBase(thing)}Ids`;
    case 'IdSet':
      return `${plainBase(thing)}IdSet`;
    case 'setIds':
      return `set${thing.className}Ids`;
    case 'ids':
      return 'ids';
    case 'short':
      return `${safe(shortOf(plainBase(thing)), plainBase(thing))}Ids`;
  }
}

function called(thing: Thing, noun: string): Thing {
  const plural = pluralOf(noun);
  return { ...thing, label: noun, plural, one: noun, many: plural, className: capitalized(noun) };
}

export function namesOf(style: Style, object: Thing): Names {
  const thing = style.ownNoun === null ? object : called(object, style.ownNoun);
  const one = oneOf(style.names.one, thing);
  const many = manyOf(style.names.many, thing);
  const map = mapOf(style.names.map, thing);
  const ids = idsOf(style.names.ids, thing);
  return {
    one,
    many,
    map,
    ids,
    newOne: seen(one),
    newMany: seen(many),
    newMap: seen(map),
    newIds: seen(ids),
  };
}

/** A comment of one line, in the file's manner. */
export function commented(style: Style, english: string): string {
  const lower = english.slice(0, 1).toLowerCase() + english.slice(1);
  switch (style.comment) {
    case '// A':
      return free(`// ${capitalized(english)}`);
    case '//A':
      return free(`//${capitalized(english)}`);
    case '// a':
      return free(`// ${lower}`);
    case '// A.':
      return free(`// ${capitalized(english)}.`);
    case '/* A */':
      return free(`/* ${capitalized(english)} */`);
    case '// --- A':
      return free(`// --- ${lower}`);
  }
}

/** A statement, in most files with the comment that announces it; without one nobody knows that it comes. */
export function step(random: Random, style: Style, english: string, code: string): string {
  return random.chance(style.commentRate) ? `${commented(style, english)}\n${code}` : `${free('')}${code}`;
}

/** What stands above a method: empty, a line, or a comment with its parameters. */
export function documented(
  style: Style,
  english: string,
  parameters: readonly string[] = [],
  returned = '',
): string {
  const said = capitalized(english);
  const tags = [
    ...parameters.map((name) => ` * @param ${name}${free('')} the ${spaced(name)}`),
    ...(returned === '' ? [] : [` * @return ${free(returned)}`]),
  ];
  switch (style.doc) {
    case 'none':
      return '';
    case 'line':
      return commented(style, english);
    case 'block':
      return free(`/*\n * ${said}\n */`);
    case 'apexdoc':
      return [free(`/**\n * ${said}.`), ...tags, ' */'].join('\n');
    case 'description':
      return [free(`/**\n * @description ${said}`), ...tags, ' */'].join('\n');
  }
}

function spaced(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A line of the log; `text` is an Apex expression. */
export function logged(style: Style, text: string, level: 'error' | 'info' = 'info'): string {
  switch (style.log) {
    case 'debug':
      return `System.debug(${text});`;
    case 'level':
      return `System.debug(LoggingLevel.${level.toUpperCase()}, ${text});`;
    case 'logger':
      return `Logger.${level}(${text});`;
    case 'tagged':
      return `System.debug('>>> ' + ${text});`;
  }
}
