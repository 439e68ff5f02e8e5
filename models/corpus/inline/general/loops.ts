/** Loops over a list that count, search, ask and part by a condition. */
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawCondition, isPlain, type Condition } from './conditions.js';
import { drawItems, emptyGuard, isOrdered, looped, parametersOf, valueOf, type Items } from './items.js';
import { fresh, head, named, resultName, spoken, told } from './words.js';

/** Counts the items that pass a condition. */
export const countingItems: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const condition = drawCondition(part, items);
  const used = [items.one, items.many, condition.parameterName];
  const count = resultName(
    part,
    used,
    'count',
    'counter',
    'hits',
    'matches',
    'found',
    'amountFound',
    `${items.one}Count`,
  );
  const name = part.pick(
    named('count', condition.adjective, items.Nouns),
    named('number Of', condition.adjective, items.Nouns),
    named(condition.adjective, items.Noun, 'count'),
    named('how Many', condition.adjective),
  );
  const said = part.pick(
    `counts the ${items.noun} ${condition.clause}`,
    `number of ${items.noun} ${condition.clause}`,
    `returns how many ${items.noun} there are ${condition.clause}`,
    `how many of the ${items.noun} are there ${condition.clause}?`,
  );
  return apex`
    ${condition.constant}${items.declared}${told(part, said, [items.many], 'their number', isPlain(condition) && name.toLowerCase().includes(condition.adjective))}
    ${head(part, 'Integer', name, ...parametersOf(items, condition.parameter))}
        ${emptyGuard(part, items.many, '0')}
        Integer ${seen(count)} = 0;
        ${looped(part, items, (one) => `if (${condition.code(one)}) {\n    ${count}++;\n}`, used)}
        return ${count};
    }
  `;
};

/** Finds the least or greatest, as the item or as its value. */
export const extremeItem: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null || !isOrdered(items)) return null;
  const isDay = items.valueType === 'Date';
  const [word, sign] = part.pick<readonly [string, string]>(
    [isDay ? 'earliest' : 'smallest', '<'],
    [isDay ? 'first' : 'lowest', '<'],
    [isDay ? 'latest' : 'largest', '>'],
    [isDay ? 'last' : 'highest', '>'],
  );
  const isItem = items.member !== '' && part.random.chance(0.6);
  const type = isItem ? items.type : items.valueType;
  const best = resultName(
    part,
    [items.one, items.many],
    word,
    'best',
    'winner',
    'top',
    `${word}${items.Noun}`,
    `${word}Found`,
  );
  const value = (one: string): string => valueOf(items, one);
  const held = isItem ? value(best) : best;
  const isNullable = items.member !== '' && part.random.chance(0.4);
  const subject = isItem
    ? `${items.nounOne} with the ${word} ${items.valueLabel}`
    : `${word} ${items.valueLabel}`;
  const body = (one: string): string => {
    const test = `${best} == null || ${value(one)} ${sign} ${held}`;
    const whole = isNullable ? `if (${value(one)} != null && (${test})) {` : `if (${test}) {`;
    return `${whole}\n    ${best} = ${isItem ? one : value(one)};\n}`;
  };
  const name = isItem
    ? part.pick(
        named('find', word, items.Noun),
        named('get', word),
        named(word, 'By', spoken(items.valueLabel)),
      )
    : part.pick(named('find', word), named('get', word, items.valueLabel), named(word, 'Of'));
  return apex`
    ${items.declared}${told(part, part.pick(`the ${subject}; null when there is none`, `returns the ${subject}`, `finds the ${subject}`, `gives the ${subject}, or null`), [items.many])}
    ${head(part, type, name.replace(/[^A-Za-z0-9]/g, ''), ...parametersOf(items))}
        ${type} ${seen(best)}${part.pick(' = null', ' = null', '')};
        ${looped(part, items, body, [best])}
        return ${best};
    }
  `;
};

/** Finds the first item that passes a condition, or where it stands. */
export const firstMatch: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const condition = drawCondition(part, items);
  return part.random.chance(0.3) ? indexOfMatch(part, items, condition) : matchItself(part, items, condition);
};

/** The item that passes, or what is given instead. */
function matchItself(part: Part, items: Items, condition: Condition): string {
  const otherwise = part.random.chance(0.75)
    ? 'null'
    : fresh(part, [items.one, items.many, condition.parameterName], 'fallback', 'otherwise', 'standard');
  const parameters = parametersOf(items, condition.parameter);
  if (otherwise !== 'null') parameters.push(`${items.type} ${seen(otherwise)}`);
  const missing =
    otherwise === 'null'
      ? part.pick('or null', 'null when none is', 'if there is one')
      : `otherwise the ${otherwise}`;
  return apex`
    ${condition.constant}${items.declared}${told(part, part.pick(`the first of the ${items.noun} ${condition.clause}, ${missing}`, `finds the first one ${condition.clause}; ${missing}`, `returns the first ${items.nounOne} of those ${condition.clause}, ${missing}`), [items.many])}
    ${head(part, items.type, part.pick(named('find First', condition.adjective), named('first', condition.adjective, items.Noun), named('get First', items.Noun)), ...parameters)}
        ${looped(part, items, (one) => `if (${condition.code(one)}) {\n    return ${one};\n}`, [otherwise, condition.parameterName])}
        return ${otherwise};
    }
  `;
}

/** The index of the first or last item that passes. */
function indexOfMatch(part: Part, items: Items, condition: Condition): string {
  const index = fresh(part, [items.one, items.many], 'i', 'i', 'index', 'at', 'pos');
  const isFirst = part.random.chance(0.7);
  const loop = isFirst
    ? `for (Integer ${seen(index)} = 0; ${index} < ${items.many}.size(); ${index}++) {`
    : `for (Integer ${seen(index)} = ${items.many}.size() - 1; ${index} >= 0; ${index}--) {`;
  const which = isFirst ? 'first' : 'last';
  return apex`
    ${condition.constant}${items.declared}${told(part, part.pick(`index of the ${which} of the ${items.noun} ${condition.clause}; -1 when there is none`, `where the ${which} of the ${items.noun} stands ${condition.clause}, or -1`, `returns the position of the ${which} of those ${condition.clause}, else -1`), [items.many])}
    ${head(part, 'Integer', part.pick(named(which, 'Index Of', condition.adjective), named('find', which, 'Index'), named('position Of', which, condition.adjective)), ...parametersOf(items, condition.parameter))}
        ${loop}
            if (${condition.code(`${items.many}[${index}]`)}) {
                return ${index};
            }
        }
        return -1;
    }
  `;
}

interface Quantifier {
  /** What the method answers as soon as an item decides it, and when none has. */
  readonly decided: 'true' | 'false';
  readonly otherwise: 'true' | 'false';
  /** Whether an item decides by failing the condition. */
  readonly isNegated: boolean;
  /** A name for the answer where a variable holds it. */
  readonly flag: string;
  readonly said: (noun: string, clause: string) => readonly string[];
  readonly names: (adjective: string, items: Items) => readonly string[];
}

const quantifiers: Readonly<Record<'any' | 'all' | 'none', Quantifier>> = {
  any: {
    decided: 'true',
    otherwise: 'false',
    isNegated: false,
    flag: 'found',
    said: (noun, clause) => [
      `is there any of the ${noun} ${clause}?`,
      `whether at least one is among the ${noun} ${clause}`,
      `true if there is one of the ${noun} ${clause}`,
    ],
    names: (adjective, { Noun, Nouns }) => [
      named('has Any', adjective),
      named('any', adjective),
      named('contains', adjective, Noun),
      named('has', adjective, Nouns),
    ],
  },
  all: {
    decided: 'false',
    otherwise: 'true',
    isNegated: true,
    flag: 'ok',
    said: (noun, clause) => [
      `are all ${noun} of those ${clause}?`,
      `true if all of the ${noun} are of those ${clause}`,
      `whether every one is of those ${clause}`,
    ],
    names: (adjective, { Noun }) => [
      named('all', adjective),
      named('are All', adjective),
      named('is Every', Noun, adjective),
    ],
  },
  none: {
    decided: 'false',
    otherwise: 'true',
    isNegated: false,
    flag: 'ok',
    said: (noun, clause) => [
      `true if there is none of the ${noun} ${clause}`,
      `whether no one is among the ${noun} ${clause}`,
      `returns false as soon as there is one of the ${noun} ${clause}`,
    ],
    names: (adjective, { Nouns }) => [
      named('none', adjective),
      named('has No', adjective),
      named('has No', adjective, Nouns),
    ],
  },
};

/** The code denied, in parentheses where it is a comparison. */
function negated(code: string): string {
  return / (?:[<>]=?|==) /.test(code) ? `!(${code})` : `!${code}`;
}

/** Tells whether any, all or none of the items pass a condition. */
export const quantifiedTest: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const condition = drawCondition(part, items);
  const quantifier = quantifiers[part.pick('any', 'all', 'none')];
  const { decided, otherwise } = quantifier;
  const used = [items.one, items.many, condition.parameterName];
  const flag = resultName(part, used, 'answer', 'flag', quantifier.flag, 'outcome');
  const isFlag = part.random.chance(0.25);
  const body = (one: string): string => {
    const code = condition.code(one);
    const answer = isFlag ? `${flag} = ${decided};\n    break;` : `return ${decided};`;
    return `if (${quantifier.isNegated ? negated(code) : code}) {\n    ${answer}\n}`;
  };
  const said = quantifier.said(items.noun, condition.clause);
  const names = quantifier.names(condition.adjective, items);
  const isNameEnough = items.member === '' && isPlain(condition);
  return apex`
    ${condition.constant}${items.declared}${told(part, part.random.pick(said), [items.many], '', isNameEnough)}
    ${head(part, 'Boolean', part.random.pick(names), ...parametersOf(items, condition.parameter))}
        ${isFlag ? `Boolean ${seen(flag)} = ${otherwise};` : ''}
        ${looped(part, items, body, [flag])}
        return ${isFlag ? flag : otherwise};
    }
  `;
};

/** Parts the items into two lists: those that pass a condition, and the others. */
export const partitioned: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const condition = drawCondition(part, items);
  const list = `List<${items.type}>`;
  const [yes, no] = part.pick<readonly [string, string]>(
    [named(condition.adjective, items.Nouns), named('other', items.Nouns)],
    ['accepted', 'rejected'],
    ['matching', 'remaining'],
    ['kept', 'dropped'],
    [named('with', condition.adjective), named('without', condition.adjective)],
    ['hits', 'rest'],
  );
  if (yes === items.many || no === items.many) return null;
  const branch = (one: string): string =>
    `if (${condition.code(one)}) {\n    ${yes}.add(${one});\n} else {\n    ${no}.add(${one});\n}`;
  const said = part.pick(
    `puts the ${items.noun} ${condition.clause} into ${yes}, the others into ${no}`,
    `${yes}: the ${items.noun} ${condition.clause}; ${no}: all others`,
    `parts the ${items.noun}: those ${condition.clause} come first`,
  );
  const used = [yes, no, condition.parameterName];
  if (part.random.chance(0.45)) {
    const access = part.pick('private', 'public');
    return apex`
      ${condition.constant}${items.declared}${access} ${list} ${free(yes)} = new ${list}();
      ${access} ${list} ${free(no)} = new ${list}();

      ${told(part, said, [items.many])}
      ${free(`public void ${part.pick('split', 'partition', 'divide', named('sort Out', items.Nouns), 'separate')}`)}(${parametersOf(items, condition.parameter).join(', ')}) {
          ${looped(part, items, branch, used)}
      }

      ${free('public')} ${list} get${pascalCase(yes)}() {
          return ${yes};
      }

      public ${list} get${pascalCase(no)}() {
          return ${no};
      }
    `;
  }
  return apex`
    ${condition.constant}${items.declared}${told(part, said, [items.many])}
    ${head(part, `List<${list}>`, part.pick(named('split', items.Nouns), named('partition By', condition.adjective), named('part', items.Nouns)), ...parametersOf(items, condition.parameter))}
        ${list} ${seen(yes)} = new ${list}();
        ${list} ${seen(no)} = new ${list}();
        ${looped(part, items, branch, used)}
        return new List<${list}>{ ${yes}, ${no} };
    }
  `;
};
