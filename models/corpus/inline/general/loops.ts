/** Loops over lists that count, search, add up, part and convert. */
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import {
  drawItems,
  drawTest,
  fresh,
  head,
  isPlain,
  looped,
  named,
  parametersOf,
  resultName,
  spoken,
  told,
  valueOf,
  type Items,
} from './items.js';

/** `return 0;` for no items, in some files. */
function guard(part: Part, many: string, answer: string): string {
  if (part.random.chance(0.7)) return '';
  const test = part.pick(`${many} == null`, `${many}.isEmpty()`, `${many} == null || ${many}.isEmpty()`);
  return `${free('')}if (${test}) {\n    return ${answer};\n}`;
}

/** Counts the items that pass a test. */
export const countingItems: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const test = drawTest(part, items);
  const used = [items.one, items.many, test.parameterName];
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
    named('count', test.adjective, items.Nouns),
    named('number Of', test.adjective, items.Nouns),
    named(test.adjective, items.Noun, 'count'),
    named('how Many', test.adjective),
  );
  const said = part.pick(
    `counts the ${items.noun} ${test.clause}`,
    `number of ${items.noun} ${test.clause}`,
    `returns how many ${items.noun} there are ${test.clause}`,
    `how many of the ${items.noun} are there ${test.clause}?`,
  );
  return apex`
    ${test.constant}${items.declared}${told(part, said, [items.many], 'their number', isPlain(test) && name.toLowerCase().includes(test.adjective))}
    ${head(part, 'Integer', name, ...parametersOf(items, test))}
        ${guard(part, items.many, '0')}
        Integer ${seen(count)} = 0;
        ${looped(part, items, (one) => `if (${test.code(one)}) {\n    ${count}++;\n}`, used)}
        return ${count};
    }
  `;
};

/** The least or greatest, as the item or as its value. */
export const extremeItem: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null || !['Integer', 'Decimal', 'Date'].includes(items.valueType)) return null;
  const isDay = items.valueType === 'Date';
  const [word, sign] = part.pick(
    [isDay ? 'earliest' : 'smallest', '<'],
    [isDay ? 'first' : 'lowest', '<'],
    [isDay ? 'latest' : 'largest', '>'],
    [isDay ? 'last' : 'highest', '>'],
  ) as [string, string];
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

/** The first item that passes a test. */
export const firstMatch: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const test = drawTest(part, items);
  const isIndex = part.random.chance(0.3);
  if (isIndex) {
    const index = fresh(part, [items.one, items.many], 'i', 'i', 'index', 'at', 'pos');
    const start = part.random.chance(0.7);
    const loop = start
      ? `for (Integer ${seen(index)} = 0; ${index} < ${items.many}.size(); ${index}++) {`
      : `for (Integer ${seen(index)} = ${items.many}.size() - 1; ${index} >= 0; ${index}--) {`;
    const which = start ? 'first' : 'last';
    return apex`
      ${test.constant}${items.declared}${told(part, part.pick(`index of the ${which} of the ${items.noun} ${test.clause}; -1 when there is none`, `where the ${which} of the ${items.noun} stands ${test.clause}, or -1`, `returns the position of the ${which} of those ${test.clause}, else -1`), [items.many])}
      ${head(part, 'Integer', part.pick(named(which, 'Index Of', test.adjective), named('find', which, 'Index'), named('position Of', which, test.adjective)), ...parametersOf(items, test))}
          ${loop}
              if (${test.code(`${items.many}[${index}]`)}) {
                  return ${index};
              }
          }
          return -1;
      }
    `;
  }
  const otherwise = part.random.chance(0.75)
    ? 'null'
    : fresh(part, [items.one, items.many, test.parameterName], 'fallback', 'otherwise', 'standard');
  const parameters = parametersOf(items, test);
  if (otherwise !== 'null') parameters.push(`${items.type} ${seen(otherwise)}`);
  const missing =
    otherwise === 'null'
      ? part.pick('or null', 'null when none is', 'if there is one')
      : `otherwise the ${otherwise}`;
  return apex`
    ${test.constant}${items.declared}${told(part, part.pick(`the first of the ${items.noun} ${test.clause}, ${missing}`, `finds the first one ${test.clause}; ${missing}`, `returns the first ${items.nounOne} of those ${test.clause}, ${missing}`), [items.many])}
    ${head(part, items.type, part.pick(named('find First', test.adjective), named('first', test.adjective, items.Noun), named('get First', items.Noun)), ...parameters)}
        ${looped(part, items, (one) => `if (${test.code(one)}) {\n    return ${one};\n}`, [otherwise, test.parameterName])}
        return ${otherwise};
    }
  `;
};

/** Whether any, all or none pass a test. */
export const quantifiedTest: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const test = drawTest(part, items);
  const which = part.pick('any', 'all', 'none') as 'any' | 'all' | 'none';
  const [within, behind] = { any: ['true', 'false'], all: ['false', 'true'], none: ['false', 'true'] }[
    which
  ] as [string, string];
  const condition = (one: string): string =>
    which === 'all'
      ? / (?:[<>]=?|==) /.test(test.code(one))
        ? `!(${test.code(one)})`
        : `!${test.code(one)}`
      : test.code(one);
  const said = {
    any: [
      `is there any of the ${items.noun} ${test.clause}?`,
      `whether at least one is among the ${items.noun} ${test.clause}`,
      `true if there is one of the ${items.noun} ${test.clause}`,
    ],
    all: [
      `are all ${items.noun} of those ${test.clause}?`,
      `true if all of the ${items.noun} are of those ${test.clause}`,
      `whether every one is of those ${test.clause}`,
    ],
    none: [
      `true if there is none of the ${items.noun} ${test.clause}`,
      `whether no one is among the ${items.noun} ${test.clause}`,
      `returns false as soon as there is one of the ${items.noun} ${test.clause}`,
    ],
  }[which];
  const names = {
    any: [
      named('has Any', test.adjective),
      named('any', test.adjective),
      named('contains', test.adjective, items.Noun),
      named('has', test.adjective, items.Nouns),
    ],
    all: [
      named('all', test.adjective),
      named('are All', test.adjective),
      named('is Every', items.Noun, test.adjective),
    ],
    none: [
      named('none', test.adjective),
      named('has No', test.adjective),
      named('has No', test.adjective, items.Nouns),
    ],
  }[which];
  const flag = resultName(
    part,
    [items.one, items.many, test.parameterName],
    'answer',
    'flag',
    which === 'any' ? 'found' : 'ok',
    'outcome',
  );
  const isFlag = part.random.chance(0.25);
  const body = (one: string): string =>
    isFlag
      ? `if (${condition(one)}) {\n    ${flag} = ${within};\n    break;\n}`
      : `if (${condition(one)}) {\n    return ${within};\n}`;
  return apex`
    ${test.constant}${items.declared}${told(part, part.random.pick(said), [items.many], '', items.member === '' && isPlain(test))}
    ${head(part, 'Boolean', part.random.pick(names), ...parametersOf(items, test))}
        ${isFlag ? `Boolean ${seen(flag)} = ${behind};` : ''}
        ${looped(part, items, body, [flag])}
        return ${isFlag ? flag : behind};
    }
  `;
};

/** Two lists: those that pass a test, and the others. */
export const partitioned: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const test = drawTest(part, items);
  const list = `List<${items.type}>`;
  const [yes, no] = part.pick(
    [named(test.adjective, items.Nouns), named('other', items.Nouns)],
    ['accepted', 'rejected'],
    ['matching', 'remaining'],
    ['kept', 'dropped'],
    [named('with', test.adjective), named('without', test.adjective)],
    ['hits', 'rest'],
  ) as [string, string];
  if (yes === items.many || no === items.many) return null;
  const branch = (one: string): string =>
    `if (${test.code(one)}) {\n    ${yes}.add(${one});\n} else {\n    ${no}.add(${one});\n}`;
  const said = part.pick(
    `puts the ${items.noun} ${test.clause} into ${yes}, the others into ${no}`,
    `${yes}: the ${items.noun} ${test.clause}; ${no}: all others`,
    `parts the ${items.noun}: those ${test.clause} come first`,
  );
  const used = [yes, no, test.parameterName];
  if (part.random.chance(0.45)) {
    const access = part.pick('private', 'public');
    return apex`
      ${test.constant}${items.declared}${access} ${list} ${free(yes)} = new ${list}();
      ${access} ${list} ${free(no)} = new ${list}();

      ${told(part, said, [items.many])}
      ${free(`public void ${part.pick('split', 'partition', 'divide', named('sort Out', items.Nouns), 'separate')}`)}(${parametersOf(items, test).join(', ')}) {
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
    ${test.constant}${items.declared}${told(part, said, [items.many])}
    ${head(part, `List<${list}>`, part.pick(named('split', items.Nouns), named('partition By', test.adjective), named('part', items.Nouns)), ...parametersOf(items, test))}
        ${list} ${seen(yes)} = new ${list}();
        ${list} ${seen(no)} = new ${list}();
        ${looped(part, items, branch, used)}
        return new List<${list}>{ ${yes}, ${no} };
    }
  `;
};

/** Sum, product, average or total length. */
export const totalled: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'record', 'inner', 'text');
  if (items === null || !['Integer', 'Decimal', 'String'].includes(items.valueType)) return null;
  const value = (one: string): string => valueOf(items, one);
  const isText = items.valueType === 'String';
  const which = isText ? 'length' : part.pick('sum', 'sum', 'average', 'product');
  const used = [items.one, items.many];
  const total = resultName(
    part,
    used,
    'total',
    'sum',
    'subtotal',
    'accumulated',
    isText ? 'length' : `total${items.Noun}`,
    which === 'product' ? 'product' : 'overall',
  );
  const count = fresh(part, [...used, total], 'count', 'counted', 'filled', 'divisor', 'valid');
  const isGuarded = which === 'average' || part.random.chance(0.4);
  const add = (one: string): string => {
    const lines = [
      which === 'product'
        ? `${total} *= ${value(one)};`
        : `${total} += ${value(one)}${isText ? '.length()' : ''};`,
      ...(which === 'average' ? [`${count}++;`] : []),
    ];
    return isGuarded
      ? `${which === 'average' ? '' : free('')}if (${value(one)} != null) {\n    ${lines.join('\n    ')}\n}`
      : lines.join('\n');
  };
  const subject = items.member === '' ? `the ${items.noun}` : `the ${items.valueLabel} of all ${items.noun}`;
  const said = {
    sum: [
      `sum of ${subject}`,
      `adds up ${subject}`,
      `returns the total of ${subject}`,
      `what do ${subject} come to together?`,
    ],
    average: [
      `average of ${subject}; those without a value do not count`,
      `mean of ${subject} that are not null`,
      `averages ${subject}, ignoring null`,
    ],
    product: [
      `product of ${subject}`,
      `multiplies ${subject}`,
      `returns ${subject} multiplied with each other`,
    ],
    length: [
      `length of ${subject} together`,
      `adds up how long ${subject} are`,
      `number of characters in ${subject}`,
    ],
  }[which as 'sum'];
  const type = isText || (items.valueType === 'Integer' && which !== 'average') ? 'Integer' : 'Decimal';
  return apex`
    ${items.declared}${told(part, part.random.pick(said), [items.many], '', items.member === '')}
    ${head(part, type, part.pick(named(which, items.Nouns), named('calculate', which), named('get', which), named(which, 'Of', items.Nouns)), ...parametersOf(items))}
        ${guard(part, items.many, which === 'average' ? 'null' : which === 'product' ? '1' : '0')}
        ${type} ${seen(total)} = ${which === 'product' ? '1' : '0'};
        ${which === 'average' ? `Integer ${seen(count)} = 0;` : ''}
        ${looped(part, items, add, [total, count])}
        return ${which === 'average' ? `${count} == 0 ? ${free(part.pick('null', '0'))} : ${total} / ${count}` : total};
    }
  `;
};

/** A list made of another, each item changed in the same way. */
export const converted: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const [type, said, name, code] = conversionOf(part, items);
  const list = part.random.weighted([
    [5, 'List'],
    [1, 'Set'],
  ] as const);
  const out = resultName(
    part,
    [items.one, items.many],
    'converted',
    'changed',
    `${name}${items.Nouns}`,
    'outcome',
    'mapped',
    'collected',
    'values',
  );
  const isNullSafe = part.random.chance(0.25);
  const body = (one: string): string =>
    isNullSafe
      ? `${free('')}if (${items.member === '' || type === items.type ? one : valueOf(items, one)} != null) {\n    ${out}.add(${code(one)});\n}`
      : `${out}.add(${code(one)});`;
  return apex`
    ${items.declared}${told(part, part.pick(`the ${items.noun}, ${said}`, `returns the ${items.noun} ${said}`, `gives a ${list.toLowerCase()} of the ${items.noun} ${said}`), [items.many], '', items.member === '')}
    ${head(part, `${list}<${type}>`, part.pick(named(name, items.Nouns), named('to', name), named('get', name, items.Nouns), named(name, 'All')), ...parametersOf(items))}
        ${list}<${type}> ${seen(out)} = new ${list}<${type}>();
        ${looped(part, items, body, [out])}
        return ${out};
    }
  `;
};

type Conversion = readonly [type: string, said: string, name: string, code: (one: string) => string];

function conversionOf(part: Part, items: Items): Conversion {
  if (items.member !== '') {
    const label = items.valueLabel;
    const name = named(label.replace(/[^A-Za-z ]/g, ''), 'of');
    return [items.valueType, `as their ${label}`, name, (one) => valueOf(items, one)];
  }
  const by = part.pick('offset', 'delta', 'shift', 'STEP');
  switch (items.type) {
    case 'String':
      return part.pick<Conversion>(
        ['String', 'in upper case', 'upper', (one) => `${one}.toUpperCase()`],
        ['String', 'in lower case', 'lower', (one) => `${one}.toLowerCase()`],
        ['String', 'without blanks around them', 'trimmed', (one) => `${one}.trim()`],
        ['Integer', 'as their lengths', 'length', (one) => `${one}.length()`],
        ['Integer', 'as whole numbers', 'integer', (one) => `Integer.valueOf(${one})`],
        ['String', 'in single quotes', 'quoted', (one) => `'\\'' + ${one} + '\\''`],
        ['String', 'with the first letter large', 'capitalized', (one) => `${one}.capitalize()`],
        ['String', 'reversed', 'reversed', (one) => `${one}.reverse()`],
      );
    case 'Integer':
    case 'Decimal':
      return part.pick<Conversion>(
        ['String', 'as text', 'string', (one) => `String.valueOf(${one})`],
        [items.type, 'without their signs', 'absolute', (one) => `Math.abs(${one})`],
        [items.type, 'doubled', 'doubled', (one) => `${one} * 2`],
        [items.type, 'squared', 'squared', (one) => `${one} * ${one}`],
        [items.type, 'negated', 'negated', (one) => `-${one}`],
      );
    default:
      return part.pick<Conversion>(
        ['Integer', 'as their years', 'year', (one) => `${one}.year()`],
        ['Integer', 'as their months', 'month', (one) => `${one}.month()`],
        ['String', 'as text', 'formatted', (one) => `${one}.format()`],
        ['Date', 'each as the first of its month', 'monthStart', (one) => `${one}.toStartOfMonth()`],
        ['Date', `one day later`, by === 'STEP' ? 'nextDay' : 'following', (one) => `${one}.addDays(1)`],
      );
  }
}
