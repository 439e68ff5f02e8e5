/** Texts that are taken apart by a separator, and keys that are put together with one. */
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { blankGuard, constantOf, freeName, fresh, head, resultName, textName, told } from './words.js';

interface Splitting {
  readonly type: string;
  readonly names: readonly string[];
  readonly results: readonly string[];
  /** Blank pieces are always left out. */
  readonly isSkipping?: true;
  readonly said: (text: string, separators: string) => string;
  /** What is done with a piece; `initial` is the call that gives a text's first letter. */
  readonly statement: (one: string, out: string, initial: string) => string;
}

const splittings = {
  trim: {
    type: 'List<String>',
    names: ['splitAndTrim', 'piecesOf', 'toList'],
    results: ['cleaned', 'trimmed', 'pieces', 'tokens'],
    said: (text, separators) => `the pieces of the ${text} between ${separators}, trimmed`,
    statement: (one, out) => `${out}.add(${one}.trim());`,
  },
  title: {
    type: 'String',
    names: ['toTitleCase', 'capitalizeWords', 'titleCase'],
    results: ['titled', 'words', 'capitalized'],
    said: (text) => `the ${text} with a capital at the start of each of its words and small letters behind`,
    statement: (one, out) => `${out}.add(${one}.toLowerCase().capitalize());`,
  },
  initials: {
    type: 'String',
    names: ['initials', 'initialsOf', 'abbreviation'],
    results: ['initials', 'letters', 'shortName'],
    isSkipping: true,
    said: (text) => `the first letters of the words in the ${text}, in upper case`,
    statement: (one, out, initial) => `${out} += ${one}.${initial}.toUpperCase();`,
  },
  numbers: {
    type: 'List<Integer>',
    names: ['parseNumbers', 'toIntegers', 'readNumbers'],
    results: ['digits', 'integers', 'parsed', 'values'],
    said: (_text, separators) => `the whole numbers between the ${separators}`,
    statement: (one, out) => `${out}.add(Integer.valueOf(${one}.trim()));`,
  },
  longest: {
    type: 'String',
    names: ['longestPiece', 'findLongest', 'longestWord'],
    results: ['longest', 'best', 'winner'],
    said: (_text, separators) => `the longest piece between ${separators}`,
    statement: (one, out) => `if (${one}.length() > ${out}.length()) {\n    ${out} = ${one};\n}`,
  },
  count: {
    type: 'Integer',
    names: ['countPieces', 'wordCount', 'countFilled'],
    results: ['count', 'filled', 'total'],
    isSkipping: true,
    said: (text) => `how many pieces of the ${text} are not blank`,
    statement: (_one, out) => `${out}++;`,
  },
  set: {
    type: 'Set<String>',
    names: ['toSet', 'distinctPieces', 'parseTags'],
    results: ['distinct', 'names', 'tags'],
    said: () => 'the distinct pieces, trimmed and in lower case',
    statement: (one, out) => `${out}.add(${one}.trim().toLowerCase());`,
  },
  ids: {
    type: 'Set<Id>',
    names: ['parseIds', 'toIds', 'idsFrom'],
    results: ['ids', 'recordIds', 'parsed'],
    said: (text) => `the ids that are listed in the ${text}`,
    statement: (one, out) => `${out}.add(Id.valueOf(${one}.trim()));`,
  },
} satisfies Readonly<Record<string, Splitting>>;

/** What a variable of the type begins with: an empty text, zero or an empty collection. */
function emptyOf(type: string): string {
  if (type === 'String') return "''";
  return type === 'Integer' ? '0' : `new ${type}()`;
}

/** Splits a text, and does the same with each piece. */
export const splitText: Member = (part) => {
  const text = textName(part);
  const [separator, separators] = part.pick<readonly [string, string]>(
    [',', 'commas'],
    [';', 'semicolons'],
    ['-', 'hyphens'],
    ['/', 'slashes'],
    ['\\n', 'line breaks'],
    [' ', 'blanks'],
  );
  const constant = part.pick('SEPARATOR', 'DELIMITER', 'SPLIT_AT');
  const isConstant = part.random.chance(0.4);
  const at = isConstant ? constant : `'${separator}'`;
  const one = fresh(part, [text], 'piece', 'word', 'token', 'part', 'entry', 'fragment', 'chunk');
  const way = part.pick('trim', 'title', 'initials', 'numbers', 'longest', 'count', 'set', 'ids');
  const splitting: Splitting = splittings[way];
  const isTitle = way === 'title';
  const out = resultName(part, [text, one], ...splitting.results);
  const isSkipping = splitting.isSkipping ?? part.random.chance(0.5);
  const statement = splitting.statement(one, out, part.pick('substring(0, 1)', 'left(1)'));
  const skipping = (): string =>
    `${splitting.isSkipping ? '' : free('')}if (String.isNotBlank(${one})) {\n    ${statement.replaceAll('\n', '\n    ')}\n}`;
  const type = isTitle ? 'List<String>' : splitting.type;
  const start = emptyOf(type);
  const said = splitting.said(text, separators);
  return apex`
    ${isConstant ? `${constantOf('String', constant, `'${separator}'`)}\n\n` : ''}${told(part, part.pick(said, `returns ${said}`, `gives ${said}`), [text])}
    ${head(part, splitting.type, part.random.pick(splitting.names), `String ${seen(text)}`)}
        ${blankGuard(part, text, isTitle ? text : start)}
        ${type} ${seen(out)} = ${start};
        for (String ${seen(one)} : ${text}.split(${at})) {
            ${isSkipping ? skipping() : statement}
        }
        return ${isTitle ? `String.join(${out}, ${at})` : out};
    }
  `;
};

/** Reads pairs as `key=value` into a map. */
export const parsedPairs: Member = (part) => {
  const text = textName(part);
  const outer = part.pick('PAIR_SEPARATOR', 'ENTRY_SEPARATOR', 'LINE_END', 'BETWEEN_PAIRS');
  const inner = part.pick('KEY_SEPARATOR', 'ASSIGNMENT', 'EQUALS_SIGN', 'BETWEEN_KEY_AND_VALUE');
  const out = resultName(part, [text], 'pairs', 'valueByKey', 'settings', 'parsed', 'parameters', 'options');
  const pair = fresh(part, [text, out], 'pair', 'entry', 'line', 'setting', 'assignment');
  const parts = fresh(part, [text, out, pair], 'parts', 'sides', 'halves', 'pieces', 'keyAndValue');
  const at = fresh(part, [text, out, pair], 'at', 'position', 'middle', 'equalsAt');
  const isConstant = part.random.chance(0.6);
  const between = part.pick('&', ';', ',', '\\n');
  const within = part.pick('=', ':');
  const [outerCode, innerCode] = isConstant ? [outer, inner] : [`'${between}'`, `'${within}'`];
  const body = part.random.chance(0.6)
    ? apex`
      List<String> ${seen(parts)} = ${pair}.split(${innerCode});
      if (${parts}.size() == 2) {
          ${out}.put(${parts}[0].trim(), ${parts}[1].trim());
      }
    `
    : apex`
      Integer ${seen(at)} = ${pair}.indexOf(${innerCode});
      if (${at} > 0) {
          ${out}.put(${pair}.substring(0, ${at}), ${pair}.substring(${at} + 1));
      }
    `;
  const constants = part.random.shuffled([
    constantOf('String', outer, `'${between}'`),
    constantOf('String', inner, `'${within}'`),
  ]);
  return apex`
    ${isConstant ? `${constants.join('\n')}\n\n` : ''}${told(part, part.pick(`parses pairs as in a${within}1${between}b${within}2`, `the keys and values that are written in the ${text} as key${within}value, separated by "${between}"`, `turns key${within}value pairs into a map`), [text])}
    ${head(part, 'Map<String, String>', part.pick('parsePairs', 'parse', 'toMap', 'readSettings', 'parseQuery'), `String ${seen(text)}`)}
        Map<String, String> ${seen(out)} = new Map<String, String>();
        for (String ${seen(pair)} : ${text}.split(${outerCode})) {
            ${body}
        }
        return ${out};
    }
  `;
};

/** Puts a key of several parts together and takes it apart again, with the same constants. */
export const composedKey: Member = (part) => {
  const separator = part.pick('SEPARATOR', 'DELIMITER', 'GLUE', 'KEY_SIGN');
  const prefix = part.pick('PREFIX', 'KEY_PREFIX', 'NAMESPACE_PREFIX', 'MARKER');
  const hasPrefix = part.random.chance(0.5);
  const names = part.random.sample(
    [
      'region',
      'year',
      'code',
      'owner',
      'branch',
      'kind',
      'level',
      unknownWord(part.random),
      unknownWord(part.random),
    ],
    part.random.integer(2, 3),
  );
  const key = fresh(part, names, 'key', 'compound', 'identifier', 'composed', 'fullKey');
  const used = hasPrefix ? [prefix, ...names] : names;
  const isJoin = part.random.chance(0.4);
  const composed = isJoin
    ? `String.join(new List<String>{ ${used.join(', ')} }, ${separator})`
    : used.join(` + ${separator} + `);
  const getters = names.map(
    (name, index) => apex`
      ${told(part, `the ${name} that stands in the ${key}`, [key])}
      ${freeName(index, `${part.style.access} static String`, `${name}Of`)}(String ${seen(key)}) {
          return ${key}.split(${separator})[${String(index + (hasPrefix ? 1 : 0))}];
      }
    `,
  );
  const declared = part.random.shuffled([
    constantOf('String', separator, `'${part.pick('-', '_', '#', ':', '/')}'`),
    ...(hasPrefix ? [constantOf('String', prefix, `'${unknownWord(part.random)}'`)] : []),
  ]);
  return apex`
    ${declared.join('\n')}

    ${told(part, part.pick(`joins ${names.join(', ')} with ${separator}${hasPrefix ? `, behind ${prefix}` : ''}`, `the key of ${hasPrefix ? `${prefix}, ` : ''}${names.join(', ')}, in this order`), names)}
    ${head(part, 'String', part.pick('toKey', 'keyOf', 'compose', 'buildKey'), names.map((name) => `String ${seen(name)}`).join(', '))}
        return ${composed};
    }

    ${getters.slice(0, part.random.integer(1, names.length)).join('\n\n')}
  `;
};
