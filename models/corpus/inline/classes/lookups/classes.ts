/** Classes that keep groups and figures by one key or by two, and answer for each. */
import { manyName, oneName, Scope } from '../records.js';
import { apex, free, seen, when } from '../../apex.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { told } from '../../scope/words.js';

/** What a group is by, and what its keys are called. */
const groupKeys = [
  ['Id', 'ownerId'],
  ['Id', 'parentId'],
  ['String', 'key'],
  ['String', 'region'],
  ['String', 'category'],
  ['Date', 'day'],
  ['String', 'externalKey'],
] as const;

/** The group of a key, an empty one where there is none. */
function groupGetter(part: Part, of: string, map: string, type: string, key: string): string {
  const got = `${map}.get(${key})`;
  const body = part.random.weighted([
    [4, `return ${map}.containsKey(${key}) ? ${got} : new ${of}();`],
    [2, `${free('')}${when(`!${map}.containsKey(${key})`, `return new ${of}();`)}\nreturn ${got};`],
    [1, `${free('')}${of} ${seen('found')} = ${got};\nreturn found == null ? new ${of}() : found;`],
  ]);
  const note = part.comment(
    part.pick('an empty group where there is none', 'never null', `empty for an unknown ${key}`),
  );
  return apex`
    ${note}
    public ${of} ${seen(part.pick('get', 'getGroup', 'groupOf'))}(${type} ${key}) {
        ${body}
    }
  `;
}

/** A class that collects records by a key given with each: add, get, sizes, the keys. */
export const groupClass: Member = (part) => {
  const { thing, random } = part;
  const [type, drawnKey] = random.pick(groupKeys);
  const scope = new Scope(part);
  const key = scope.pick(drawnKey);
  const one = oneName(part, scope);
  const many = manyName(part, scope);
  const map = scope.pick('groups', 'grouped', `${thing.many}ByKey`, 'byKey', 'buckets');
  const isSet = random.chance(0.25);
  const of = isSet ? 'Set<Id>' : `List<${thing.api}>`;
  const value = isSet ? `${one}.Id` : one;
  const isShort = random.chance(0.5);
  const group = scope.pick('own', 'found', 'bucket');
  const add = apex`
    public void ${seen('add')}(${type} ${key}, ${thing.api} ${one}) {
        ${
          isShort
            ? lines(
                `${free('')}${of} ${seen(group)} = ${map}.get(${key});`,
                when(`${group} == null`, `${group} = new ${of}();`, `${map}.put(${key}, ${group});`),
                `${group}.add(${value});`,
              )
            : lines(
                when(`!${map}.containsKey(${key})`, `${map}.put(${key}, new ${of}());`),
                `${map}.get(${key}).add(${value});`,
              )
        }
    }
  `;
  const total = scope.pick('total', 'sum', 'overall');
  const each = scope.pick('each', 'items', 'one');
  const size = `${map}.containsKey(${key}) ? ${map}.get(${key}).size() : 0`;
  const others = random.sample(
    [
      `${part.comment('how many a group has; 0 for an unknown one')}\npublic Integer ${seen('size')}(${type} ${key}) {\n    return ${size};\n}`,
      `${part.comment('of all groups together')}\npublic Integer ${seen('totalSize')}() {\n    Integer ${seen(total)} = 0;\n    for (${of} ${seen(each)} : ${map}.values()) {\n        ${total} += ${each}.size();\n    }\n    return ${total};\n}`,
      `${free(`public Set<${type}> keys`)}() {\n    return ${map}.keySet();\n}`,
      `${free('public Boolean has')}(${type} ${key}) {\n    return ${map}.containsKey(${key});\n}`,
      `${free('public void remove')}(${type} ${key}) {\n    ${map}.remove(${key});\n}`,
      `${part.comment('the same key for each of them')}\npublic void ${seen('addAll')}(${type} ${key}, List<${thing.api}> ${many}) {\n    for (${thing.api} ${seen(one)} : ${many}) {\n        add(${key}, ${one});\n    }\n}`,
    ],
    random.integer(1, 4),
  );
  const full = `Map<${type}, ${of}>`;
  return joinedMembers(
    `private ${part.pick('', 'final ')}${full} ${seen(map)} = new ${full}();`,
    add,
    groupGetter(part, of, map, type, key),
    ...others,
  );
};

const pairsOfKeys = [
  ['region', 'product'],
  ['team', 'month'],
  ['ownerName', 'stage'],
  ['country', 'city'],
  ['channel', 'campaign'],
  ['year', 'quarter'],
  ['source', 'status'],
] as const;

/** The names that both bodies of such a class use. */
type PairNames = Readonly<
  Record<'first' | 'second' | 'map' | 'value' | 'type' | 'inner' | 'row' | 'key' | 'soFar', string>
>;

/** What adds to the figure of two keys, and what answers it. */
function pairBodies(isJoined: boolean, names: PairNames): readonly [adding: string, getting: string] {
  const { first, second, map, value, type, inner, row, key, soFar } = names;
  const adding = isJoined
    ? lines(
        `String ${seen(key)} = keyOf(${first}, ${second});`,
        `${type} ${seen(soFar)} = ${map}.get(${key});`,
        `${map}.put(${key}, ${soFar} == null ? ${value} : ${soFar} + ${value});`,
      )
    : lines(
        when(`!${map}.containsKey(${first})`, `${map}.put(${first}, new ${inner}());`),
        `${inner} ${seen(row)} = ${map}.get(${first});`,
        `${type} ${seen(soFar)} = ${row}.containsKey(${second}) ? ${row}.get(${second}) : 0;`,
        `${row}.put(${second}, ${soFar} + ${value});`,
      );
  const getting = isJoined
    ? lines(
        `String ${seen(key)} = keyOf(${first}, ${second});`,
        `return ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`,
      )
    : lines(
        when(`!${map}.containsKey(${first}) || !${map}.get(${first}).containsKey(${second})`, 'return 0;'),
        `return ${map}.get(${first}).get(${second});`,
      );
  return [adding, getting];
}

/** Figures by two keys: a map in a map, or a map by both keys joined. */
export const pairTotals: Member = (part) => {
  const { random } = part;
  const [first, second] = random.pick(pairsOfKeys);
  const scope = new Scope(part, first, second);
  const map = scope.pick('totals', 'amounts', 'figures', 'cells', 'sums');
  const value = scope.pick('amount', 'value', 'quantity');
  const type = part.pick('Decimal', 'Decimal', 'Integer');
  const inner = `Map<String, ${type}>`;
  const row = scope.pick('row', 'inner', 'own', `by${second[0]!.toUpperCase()}${second.slice(1)}`);
  const sum = scope.pick('sum', 'total', 'overall');
  const cell = scope.pick('cell', 'each', 'one');
  const isJoined = random.chance(0.35);
  const key = scope.pick('key', 'joined');
  const soFar = scope.pick('soFar', 'old', 'previous');
  const given = `String ${first}, String ${second}`;
  const [adding, getting] = pairBodies(isJoined, { first, second, map, value, type, inner, row, key, soFar });
  const summed = lines(
    `${type} ${seen(sum)} = 0;`,
    isJoined
      ? `for (${type} ${seen(cell)} : ${map}.values()) {\n    ${sum} += ${cell};\n}`
      : `${when(`!${map}.containsKey(${first})`, `return ${sum};`)}\nfor (${type} ${seen(cell)} : ${map}.get(${first}).values()) {\n    ${sum} += ${cell};\n}`,
    `return ${sum};`,
  );
  const full = isJoined ? inner : `Map<String, ${inner}>`;
  const glue = part.pick("'|'", "':'", "'#'", "'/'");
  const joining = isJoined
    ? apex`
        ${part.comment(`${first}, ${glue.slice(1, -1)} and ${second}`)}
        private static String ${seen('keyOf')}(${given}) {
            return ${first} + ${glue} + ${second};
        }
      `
    : '';
  const summing = random.chance(0.7)
    ? apex`
        ${part.comment(isJoined ? 'all of them together' : `everything of one ${first}, 0 for an unknown one`)}
        public ${type} ${seen(isJoined ? 'sumOfAll' : 'sumOf')}${isJoined ? '()' : `(String ${first})`} {
            ${summed}
        }
      `
    : '';
  return joinedMembers(
    `private ${part.pick('', 'final ')}${full} ${seen(map)} = new ${full}();`,
    apex`
      ${told(part, `adds the ${value} to what ${first} and ${second} have together`)}
      public void ${seen(part.pick('add', 'book'))}(${given}, ${type} ${value}) {
          ${adding}
      }
    `,
    apex`
      ${part.comment('0 where nothing has been added')}
      public ${type} ${seen('get')}(${given}) {
          ${getting}
      }
    `,
    summing,
    joining,
  );
};

/** Counts of words or values in a list, and which of them is the most frequent. */
export const frequencies: Member = (part) => {
  const { random } = part;
  const scope = new Scope(part);
  const list = scope.pick('values', 'words', 'labels', 'codes', 'names');
  const one = scope.pick(list.slice(0, -1), 'current', 'text');
  const map = scope.pick('counts', 'frequency', 'occurrences', 'tally');
  const best = scope.pick('best', 'winner', 'leader', 'top');
  const repeats = scope.pick('repeats', 'doubles', 'duplicates');
  const candidate = scope.pick('candidate', 'key', 'each');
  const isMost = random.chance(0.7);
  const counting = random.weighted([
    [
      3,
      lines(
        when(`!${map}.containsKey(${one})`, `${map}.put(${one}, 0);`),
        `${map}.put(${one}, ${map}.get(${one}) + 1);`,
      ),
    ],
    [2, `${free('')}${map}.put(${one}, ${map}.containsKey(${one}) ? ${map}.get(${one}) + 1 : 1);`],
  ]);
  const counter = seen('count');
  const sign = isMost ? '>' : '<';
  const counted = apex`
    ${told(part, `how often each of the ${list} occurs`, [list])}
    public static Map<String, Integer> ${counter}(List<String> ${seen(list)}) {
        Map<String, Integer> ${seen(map)} = new Map<String, Integer>();
        for (String ${seen(one)} : ${list}) {
            ${counting}
        }
        return ${map};
    }
  `;
  const chosen = apex`
    ${told(part, `the ${isMost ? 'most' : 'least'} frequent one, null for an empty list`, [list])}
    public static String ${seen(isMost ? 'mostFrequent' : 'rarest')}(List<String> ${seen(list)}) {
        Map<String, Integer> ${seen(map)} = count(${list});
        String ${seen(best)} = null;
        for (String ${seen(candidate)} : ${map}.keySet()) {
            if (${best} == null || ${map}.get(${candidate}) ${sign} ${map}.get(${best})) {
                ${best} = ${candidate};
            }
        }
        return ${best};
    }
  `;
  const repeated = apex`
    ${told(part, `those of the ${list} that occur more than once`, [list])}
    public static Set<String> ${seen('repeated')}(List<String> ${seen(list)}) {
        Map<String, Integer> ${seen(map)} = count(${list});
        Set<String> ${seen(repeats)} = new Set<String>();
        for (String ${seen(candidate)} : ${map}.keySet()) {
            ${when(`${map}.get(${candidate}) > 1`, `${repeats}.add(${candidate});`)}
        }
        return ${repeats};
    }
  `;
  const rest = random.pick([[chosen], [repeated], [chosen, repeated]]);
  return random.chance(0.8) ? joinedMembers(counted, ...rest) : joinedMembers(...rest, counted);
};
