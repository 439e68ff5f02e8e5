/** Running totals in maps, and groups of records in lists, sets and maps. */
import { looped, manyName, oneName, Scope } from '../records.js';
import { camelCase, capitalized, pascalCase, withArticle } from '../../../phrase.js';
import { apex, free, seen, when } from '../../apex.js';
import { either, joinedMembers, lines, modifiers, relation } from '../../bulk/base.js';
import { signature, type Member, type Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';

type Addition = 'missing' | 'empty' | 'ternary' | 'coalesced' | 'filled' | 'else';

function drawAddition(part: Part): Addition {
  return part.random.weighted([
    [4, 'missing'],
    [1, 'empty'],
    [2, 'ternary'],
    [2, 'coalesced'],
    [1.5, 'filled'],
    [1.5, 'else'],
  ]);
}

/** The statements that add `value` to what `map` holds for `key`. */
function addition(
  shape: Addition,
  { type, map, key, value, soFar }: Readonly<Record<'type' | 'map' | 'key' | 'value' | 'soFar', string>>,
): string {
  const put = (sum: string): string => `${map}.put(${key}, ${sum});`;
  const declared = `${free('')}${type} ${seen(soFar)} = ${map}.get(${key})`;
  switch (shape) {
    case 'missing':
      return lines(when(`!${map}.containsKey(${key})`, put('0')), put(`${map}.get(${key}) + ${value}`));
    case 'empty':
      return lines(
        `${free('')}${when(`${map}.get(${key}) == null`, put('0'))}`,
        put(`${map}.get(${key}) + ${value}`),
      );
    case 'ternary':
      return lines(`${declared};`, put(`${soFar} == null ? ${value} : ${soFar} + ${value}`));
    case 'coalesced':
      return lines(
        `${free('')}${type} ${seen(soFar)} = ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`,
        put(`${soFar} + ${value}`),
      );
    case 'filled':
      return lines(
        `${declared};`,
        `${free('')}${when(`${soFar} == null`, `${soFar} = 0;`)}`,
        put(`${soFar} + ${value}`),
      );
    case 'else':
      return `${free('')}${either(`${map}.containsKey(${key})`, put(`${map}.get(${key}) + ${value}`), put(value))}`;
  }
}

const soFarNames = ['soFar', 'current', 'previous', 'old', 'known'] as const;

/** Totals or counts of records by parent or picklist, one method or two. */
export const runningTotals: Member = (part) => {
  const { thing } = part;
  const rel = relation(part);
  const picklist = part.field(['picklist']);
  const number = part.field(['currency', 'integer']);
  if (rel === null || (number === null && picklist === null)) return null;
  const shape = drawAddition(part);
  const methods = (part.random.chance(0.5) ? [true, false] : [part.random.chance(0.6)]).map((isSum) => {
    const scope = new Scope(part);
    const list = manyName(part, scope);
    const one = oneName(part, scope);
    const isByParent = picklist === null || part.random.chance(0.5);
    const by = isByParent ? rel.up.thing.label : picklist.label;
    const access = `${one}.${isByParent ? rel.asked : picklist.api}`;
    const keyType = isByParent ? 'Id' : 'String';
    const of = isSum && number !== null ? number : null;
    const type = of === null ? 'Integer' : 'Decimal';
    const noun = of === null ? 'count' : 'total';
    const bigBy = pascalCase(isByParent ? rel.noun : by);
    const map = scope.pick(`${noun}By${bigBy}`, `${noun}sBy${bigBy}`, `${noun}s`, `by${bigBy}`, 'result');
    const key = scope.pick('key', isByParent ? rel.oneId : camelCase(by), 'key');
    const isKeyed = part.random.chance(0.5);
    const value = of === null ? '1' : `${one}.${of.api}`;
    const emptyValue =
      of === null ? '' : part.random.chance(0.6) ? when(`${value} == null`, 'continue;') : '';
    const noted =
      emptyValue === ''
        ? ''
        : part.comment(part.pick(`an empty ${of!.label} adds nothing`, `skip those without ${of!.label}`));
    const body = lines(
      noted,
      emptyValue,
      isKeyed ? `${keyType} ${seen(key)} = ${access};` : '',
      addition(shape, { type, map, key: isKeyed ? key : access, value, soFar: scope.pick(...soFarNames) }),
    );
    const said =
      of === null
        ? `number of ${thing.plural} per ${by}`
        : `${of.label} of the ${thing.plural} added up by ${by}`;
    const full = `Map<${keyType}, ${type}>`;
    return apex`
      ${told(part, said, [list])}
      ${signature(modifiers(part), full, part.pick(`${noun}By${bigBy}`, `${noun}sPer${bigBy}`, `get${capitalized(noun)}s`))}(List<${thing.api}> ${seen(list)}) {
          ${full} ${seen(map)} = new ${full}();
          ${looped(part, one, list, body)}
          return ${map};
      }
    `;
  });
  return joinedMembers(...methods);
};

/** The key of a class that keeps totals: its type and parameter. */
const totalKeys = [
  ['String', 'key'],
  ['Id', 'recordId'],
  ['String', 'name'],
  ['Id', 'ownerId'],
  ['String', 'category'],
  ['String', 'code'],
  ['Date', 'day'],
] as const;

/** A class that keeps a total for each key: add, get, remove, size, the sum of all. */
export const totalsClass: Member = (part) => {
  const { random } = part;
  const [keyType, drawnKey] = random.pick(totalKeys);
  const scope = new Scope(part);
  const key = scope.pick(drawnKey);
  const isCounter = random.chance(0.4);
  const type = isCounter ? 'Integer' : part.pick('Decimal', 'Decimal', 'Integer');
  const map = scope.pick(
    isCounter ? 'counts' : 'totals',
    `${isCounter ? 'counts' : 'totals'}By${capitalized(key)}`,
    'values',
    'sums',
  );
  const value = isCounter ? '1' : scope.pick('amount', 'value', 'quantity');
  const given = isCounter ? `${keyType} ${key}` : `${keyType} ${key}, ${type} ${value}`;
  const self = random.chance(0.15) ? `this.${map}` : map;
  const isChained = random.chance(0.15);
  const answered = isChained ? `\nreturn this;` : '';
  const add = apex`
    ${random.chance(0.5) ? part.comment(isCounter ? `one more for the ${key}` : `adds to what the ${key} has`) : ''}
    public ${isChained ? part.className : 'void'} ${seen(isCounter ? part.pick('increment', 'add', 'count') : part.pick('add', 'add', 'book'))}(${given}) {
        ${addition(drawAddition(part), { type, map: self, key, value, soFar: scope.pick(...soFarNames) })}${answered}
    }
  `;
  const get = apex`
    ${part.random.chance(0.5) ? part.comment(`0 for an unknown ${key}`) : ''}
    public ${type} ${seen(part.pick('get', 'getTotal', `totalOf`))}(${keyType} ${key}) {
        ${part.pick(
          `return ${self}.containsKey(${key}) ? ${self}.get(${key}) : 0;`,
          `${free('')}${type} ${seen('found')} = ${self}.get(${key});\nreturn found == null ? 0 : found;`,
          `${free('')}if (!${self}.containsKey(${key})) return 0;\nreturn ${self}.get(${key});`,
          `${free('')}if (${self}.containsKey(${key})) {\n    return ${self}.get(${key});\n}\nreturn 0;`,
        )}
    }
  `;
  const sum = scope.pick('sum', 'overall', 'grandTotal', 'all');
  const each = scope.pick('each', 'one', 'part', 'figure');
  const others = random
    .sample(
      [
        `public ${type} getSum() {\n    ${type} ${seen(sum)} = 0;\n    for (${type} ${seen(each)} : ${self}.values()) {\n        ${sum} += ${each};\n    }\n    return ${sum};\n}`,
        `public Integer size() {\n    return ${self}.size();\n}`,
        `public Boolean isEmpty() {\n    return ${self}.isEmpty();\n}`,
        `public Set<${keyType}> getKeys() {\n    return ${self}.keySet();\n}`,
        `public void clear() {\n    ${self}.clear();\n}`,
        `public void remove(${keyType} ${key}) {\n    ${self}.remove(${key});\n}`,
        `public Boolean has(${keyType} ${key}) {\n    return ${self}.containsKey(${key});\n}`,
      ],
      random.integer(0, 4),
    )
    .map((method) =>
      method.replace(
        /^(public \S+(?: \S+>)?) (\w+)\(/,
        (_all, head: string, name: string) => `${free(`${head} ${name}`)}(`,
      ),
    );
  const declared = `private ${part.pick('', 'final ')}Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();`;
  const methods = random.chance(0.7) ? [add, get, ...others] : random.shuffled([add, get, ...others]);
  return joinedMembers(declared, ...methods);
};

/** Adds to the collection of a key, which is made when it is missing. */
function putInGroup(
  part: Part,
  { inner, own, map, key, add }: Readonly<Record<'inner' | 'own' | 'map' | 'key' | 'add', string>>,
): string {
  const made = `${map}.put(${key}, new ${inner}());`;
  switch (part.pick('missing', 'missing', 'missing', 'empty', 'own', 'own', 'at once')) {
    case 'missing':
      return lines(when(`!${map}.containsKey(${key})`, made), `${map}.get(${key}).${add}`);
    case 'empty':
      return lines(`${free('')}${when(`${map}.get(${key}) == null`, made)}`, `${map}.get(${key}).${add}`);
    case 'own':
      return lines(
        `${free('')}${inner} ${seen(own)} = ${map}.get(${key});`,
        when(`${own} == null`, `${own} = new ${inner}();`, `${map}.put(${key}, ${own});`),
        `${own}.${add}`,
      );
    case 'at once':
      return lines(
        `${free('')}${inner} ${seen(own)} = ${map}.containsKey(${key}) ? ${map}.get(${key}) : new ${inner}();`,
        `${own}.${add}`,
        `${map}.put(${key}, ${own});`,
      );
  }
}

/** Records put into a list, a set of ids or a map of their own by key. */
export const groupings: Member = (part) => {
  const { thing, random } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const text = part.fields(9, ['picklist', 'email', 'date']).find(({ api }) => api !== 'Description');
  const scope = new Scope(part);
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const shape = text === undefined ? 'list' : part.pick('list', 'list', 'set', 'map');
  const isByParent = text === undefined || shape !== 'list' || random.chance(0.5);
  const access = `${one}.${isByParent ? rel.asked : text.api}`;
  const keyType = isByParent ? 'Id' : text.type === 'date' ? 'Date' : 'String';
  const by = isByParent ? rel.up.thing.label : text.label;
  const valueType = text?.type === 'date' ? 'Date' : 'String';
  const inner =
    shape === 'list'
      ? `List<${thing.api}>`
      : shape === 'set'
        ? `Set<${valueType}>`
        : `Map<${valueType}, ${thing.api}>`;
  const map = scope.pick(
    `by${pascalCase(isByParent ? rel.noun : by)}`,
    'grouped',
    'result',
    `${thing.many}By${pascalCase(isByParent ? rel.noun : by)}`,
  );
  const key = scope.pick('key', isByParent ? rel.oneId : camelCase(by), 'key');
  const isKeyed = random.chance(0.5);
  const asked = isKeyed ? key : access;
  const add =
    shape === 'list'
      ? `add(${one});`
      : shape === 'set'
        ? `add(${one}.${text!.api});`
        : `put(${one}.${text!.api}, ${one});`;
  const own = scope.pick('own', 'group', 'found', 'siblings', 'known');
  const body = putInGroup(part, { inner, own, map, key: asked, add });
  const skipped = random.chance(0.3)
    ? lines(
        part.comment(
          part.pick(
            `without ${withArticle(by)} there is no group`,
            `leave out those without ${withArticle(by)}`,
          ),
        ),
        when(`${asked} == null`, 'continue;'),
      )
    : '';
  const said =
    shape === 'list'
      ? `${thing.plural} by ${by}`
      : shape === 'set'
        ? `for each ${by} every ${text!.label} of its ${thing.plural}`
        : `for each ${by} its ${thing.plural} by ${text!.label}`;
  const full = `Map<${keyType}, ${inner}>`;
  return apex`
    ${told(part, said, [list])}
    ${opened(part, full, part.pick('group', `groupBy${pascalCase(isByParent ? rel.noun : by)}`, 'arrange', 'collect'))}(List<${thing.api}> ${seen(list)}) {
        ${full} ${seen(map)} = new ${full}();
        ${looped(part, one, list, isKeyed ? `${keyType} ${seen(key)} = ${access};` : '', skipped, body)}
        return ${map};
    }
  `;
};
