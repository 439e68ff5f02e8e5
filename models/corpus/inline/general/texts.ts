/** Tools for texts: cutting, filling, hiding, splitting, joining, counting, and keys that are put together and taken apart. */
import { capitalized, pascalCase, withArticle } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { fresh, head, resultName, told } from './items.js';

const textNames = [
  'text',
  'value',
  'input',
  'original',
  'source',
  'raw',
  'content',
  's',
  'str',
  'label',
  'title',
] as const;

function textName(part: Part): string {
  return part.random.chance(0.15) ? unknownWord(part.random) : part.random.pick(textNames);
}

/** What is given for null or blank texts, in some files. */
function blankGuard(part: Part, text: string, answer: string): string {
  if (part.random.chance(0.5)) return '';
  const test = part.pick(`${text} == null`, `String.isBlank(${text})`, `String.isEmpty(${text})`);
  return `${free('')}if (${test}) {\n    return ${answer};\n}`;
}

/** Shortens, fills up or hides, by a length that is given or constant. */
export const lengthened: Member = (part) => {
  const text = textName(part);
  const which = part.pick('cut', 'pad', 'mask', 'tail', 'repeat') as
    'cut' | 'pad' | 'mask' | 'tail' | 'repeat';
  const isConstant = part.random.chance(0.5);
  const Word = {
    cut: 'MAX_LENGTH',
    pad: 'CODE_LENGTH',
    mask: 'VISIBLE',
    tail: 'SUFFIX_LENGTH',
    repeat: 'TIMES',
  }[which];
  const length = isConstant
    ? part.pick(Word, `${Word}_CHARS`, 'WIDTH', 'LIMIT_CHARS')
    : fresh(part, [text], 'length', 'width', 'maxLength', 'size', 'count', 'chars');
  const sign = part.pick('FILLER', 'MARK', 'SIGN', 'PADDING', 'ELLIPSIS');
  const hasSign =
    which === 'pad' || which === 'mask' || (which === 'cut' && part.random.chance(0.5)) || which === 'repeat';
  const out = resultName(part, [text, length], 'padded', 'filled', 'built', 'changed', 'answer', 'masked');
  const i = fresh(part, [text, length, out], 'i', 'i', 'index', 'n');
  const short = `if (${text}.length() <= ${length}) {\n    return ${text};\n}`;
  const whileBody = (isLeft: boolean): string[] => [
    `String ${seen(out)} = ${text};`,
    `while (${out}.length() < ${length}) {`,
    `    ${isLeft ? `${out} = ${sign} + ${out};` : `${out} += ${sign};`}`,
    '}',
    `return ${out};`,
  ];
  const isLeft = part.random.chance(0.6);
  const body = {
    cut: [
      short,
      part.pick(
        `return ${text}.${free('')}substring(0, ${length})${hasSign ? ` + ${sign}` : ''};`,
        `return ${text}.${free('')}left(${length})${hasSign ? ` + ${sign}` : ''};`,
      ),
    ],
    pad: part.random.chance(0.7)
      ? whileBody(isLeft)
      : [`return ${text}.${isLeft ? 'left' : 'right'}Pad(${length}, ${sign});`],
    mask: part.random.chance(0.5)
      ? [short, `return ${sign}.repeat(${text}.length() - ${length}) + ${text}.right(${length});`]
      : [
          short,
          `String ${seen(out)} = '';`,
          `for (Integer ${seen(i)} = 0; ${i} < ${text}.length() - ${length}; ${i}++) {`,
          `    ${out} += ${sign};`,
          '}',
          `return ${out} + ${text}.right(${length});`,
        ],
    tail: [
      short,
      part.pick(
        `return ${text}.${free('')}right(${length});`,
        `return ${text}.${free('')}substring(${text}.length() - ${length});`,
      ),
    ],
    repeat: [
      `String ${seen(out)} = '';`,
      `for (Integer ${seen(i)} = 0; ${i} < ${length}; ${i}++) {`,
      `    ${out} += ${text} + ${sign};`,
      '}',
      `return ${out};`,
    ],
  }[which];
  const said = {
    cut:
      part.pick(
        `at most ${length} characters of the ${text}`,
        `cuts the ${text} after ${length} characters${hasSign ? ` and adds ${sign}` : ''}`,
        `the ${text}, abbreviated to ${length} characters`,
      ) + (hasSign ? `; ${sign} behind what is cut` : ''),
    pad: part.pick(
      `fills the ${text} up to ${length} with ${sign} on the ${isLeft ? 'left' : 'right'}`,
      `pads ${isLeft ? 'at the start' : 'at the end'} until there are ${length} characters`,
    ),
    mask: part.pick(
      `hides all but the last ${length} characters behind ${sign}`,
      `shows only the last ${length} characters of the ${text}`,
    ),
    tail: part.pick(
      `the last ${length} characters of the ${text}`,
      `returns what the ${text} ends with, ${length} characters at most`,
    ),
    repeat: part.pick(
      `the ${text} ${length} times, each with ${sign} behind it`,
      `repeats the ${text} and ${sign}`,
    ),
  }[which];
  const names = {
    cut: ['abbreviate', 'truncate', 'shorten', 'cutText'],
    pad: ['pad', 'fillUp', 'toFixedLength'],
    mask: ['mask', 'hide', 'obscure'],
    tail: ['tail', 'lastCharacters', 'ending'],
    repeat: ['repeatText', 'multiply', 'times'],
  }[which];
  const filler = which === 'cut' ? "'...'" : part.pick("'*'", "'0'", "'#'", "'-'", "'.'", "'x'");
  const declared = [
    ...(isConstant
      ? [`private static final Integer ${free(`${length} = ${String(part.random.integer(3, 80))}`)};`]
      : []),
    ...(hasSign ? [`private static final String ${free(`${sign} = ${filler}`)};`] : []),
  ];
  return apex`
    ${declared.length === 0 ? '' : `${part.random.shuffled(declared).join('\n')}\n\n`}${told(part, said, [text])}
    ${head(part, 'String', part.random.pick(names), `String ${seen(text)}`, ...(isConstant ? [] : [`Integer ${seen(length)}`]))}
        ${blankGuard(part, text, text)}
        ${body}
    }
  `;
};

/** Splits a text, and does the same with each piece. */
export const splitText: Member = (part) => {
  const text = textName(part);
  const [separator, separatorSaid] = part.pick(
    [',', 'commas'],
    [';', 'semicolons'],
    ['-', 'hyphens'],
    ['/', 'slashes'],
    ['\\n', 'line breaks'],
    [' ', 'blanks'],
  ) as [string, string];
  const constant = part.pick('SEPARATOR', 'DELIMITER', 'SPLIT_AT');
  const isConstant = part.random.chance(0.4);
  const split = `${text}.split(${isConstant ? constant : `'${separator}'`})`;
  const one = fresh(part, [text], 'piece', 'word', 'token', 'part', 'entry', 'fragment', 'chunk');
  const which = part.pick('trim', 'title', 'initials', 'numbers', 'longest', 'count', 'set', 'ids');
  const type = {
    trim: 'List<String>',
    title: 'String',
    initials: 'String',
    numbers: 'List<Integer>',
    longest: 'String',
    count: 'Integer',
    set: 'Set<String>',
    ids: 'Set<Id>',
  }[which];
  const out = resultName(
    part,
    [text, one],
    ...({
      trim: ['cleaned', 'trimmed', 'pieces', 'tokens'],
      title: ['titled', 'words', 'capitalized'],
      initials: ['initials', 'letters', 'shortName'],
      numbers: ['digits', 'integers', 'parsed', 'values'],
      longest: ['longest', 'best', 'winner'],
      count: ['count', 'filled', 'total'],
      set: ['distinct', 'names', 'tags'],
      ids: ['ids', 'recordIds', 'parsed'],
    }[which] ?? []),
  );
  const skipping = `if (String.isNotBlank(${one})) {`;
  const isSkipping = which === 'count' || which === 'initials' || part.random.chance(0.5);
  const statement = {
    trim: `${out}.add(${one}.trim());`,
    title: `${out}.add(${one}.toLowerCase().capitalize());`,
    initials: `${out} += ${one}.${part.pick('substring(0, 1)', 'left(1)')}.toUpperCase();`,
    numbers: `${out}.add(Integer.valueOf(${one}.trim()));`,
    longest: `if (${one}.length() > ${out}.length()) {\n    ${out} = ${one};\n}`,
    count: `${out}++;`,
    set: `${out}.add(${one}.trim().toLowerCase());`,
    ids: `${out}.add(Id.valueOf(${one}.trim()));`,
  }[which]!;
  const start =
    which === 'title'
      ? 'new List<String>()'
      : type === 'String'
        ? "''"
        : type === 'Integer'
          ? '0'
          : `new ${type!}()`;
  const said = {
    trim: `the pieces of the ${text} between ${separatorSaid}, trimmed`,
    title: `the ${text} with a capital at the start of each of its words and small letters behind`,
    initials: `the first letters of the words in the ${text}, in upper case`,
    numbers: `the whole numbers between the ${separatorSaid}`,
    longest: `the longest piece between ${separatorSaid}`,
    count: `how many pieces of the ${text} are not blank`,
    set: `the distinct pieces, trimmed and in lower case`,
    ids: `the ids that are listed in the ${text}`,
  }[which]!;
  const names = {
    trim: ['splitAndTrim', 'piecesOf', 'toList'],
    title: ['toTitleCase', 'capitalizeWords', 'titleCase'],
    initials: ['initials', 'initialsOf', 'abbreviation'],
    numbers: ['parseNumbers', 'toIntegers', 'readNumbers'],
    longest: ['longestPiece', 'findLongest', 'longestWord'],
    count: ['countPieces', 'wordCount', 'countFilled'],
    set: ['toSet', 'distinctPieces', 'parseTags'],
    ids: ['parseIds', 'toIds', 'idsFrom'],
  }[which]!;
  return apex`
    ${isConstant ? `private static final String ${free(`${constant} = '${separator}'`)};\n\n` : ''}${told(part, part.pick(said, `returns ${said}`, `gives ${said}`), [text])}
    ${head(part, type!, part.random.pick(names), `String ${seen(text)}`)}
        ${blankGuard(part, text, start === 'new List<String>()' && which === 'title' ? text : start)}
        ${which === 'title' ? 'List<String>' : type!} ${seen(out)} = ${start};
        for (String ${seen(one)} : ${split}) {
            ${isSkipping ? `${which === 'count' || which === 'initials' ? '' : free('')}${skipping}\n    ${statement.replaceAll('\n', '\n    ')}\n}` : statement}
        }
        return ${which === 'title' ? `String.join(${out}, ${isConstant ? constant : `'${separator}'`})` : out};
    }
  `;
};

/** `key=value` pairs into a map. */
export const parsedPairs: Member = (part) => {
  const text = textName(part);
  const outer = part.pick('PAIR_SEPARATOR', 'ENTRY_SEPARATOR', 'LINE_END', 'BETWEEN_PAIRS');
  const inner = part.pick('KEY_SEPARATOR', 'ASSIGNMENT', 'EQUALS_SIGN', 'BETWEEN_KEY_AND_VALUE');
  const out = resultName(part, [text], 'pairs', 'valueByKey', 'settings', 'parsed', 'parameters', 'options');
  const pair = fresh(part, [text, out], 'pair', 'entry', 'line', 'setting', 'assignment');
  const parts = fresh(part, [text, out, pair], 'parts', 'sides', 'halves', 'pieces', 'keyAndValue');
  const at = fresh(part, [text, out, pair], 'at', 'position', 'middle', 'equalsAt');
  const isConstant = part.random.chance(0.6);
  const [o, n] = [part.pick('&', ';', ',', '\\n'), part.pick('=', ':')] as [string, string];
  const [outerCode, innerCode] = isConstant ? [outer, inner] : [`'${o}'`, `'${n}'`];
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
    `private static final String ${free(`${outer} = '${o}'`)};`,
    `private static final String ${free(`${inner} = '${n}'`)};`,
  ]);
  return apex`
    ${isConstant ? `${constants.join('\n')}\n\n` : ''}${told(part, part.pick(`parses pairs as in a${n}1${o}b${n}2`, `the keys and values that are written in the ${text} as key${n}value, separated by "${o}"`, `turns key${n}value pairs into a map`), [text])}
    ${head(part, 'Map<String, String>', part.pick('parsePairs', 'parse', 'toMap', 'readSettings', 'parseQuery'), `String ${seen(text)}`)}
        Map<String, String> ${seen(out)} = new Map<String, String>();
        for (String ${seen(pair)} : ${text}.split(${outerCode})) {
            ${body}
        }
        return ${out};
    }
  `;
};

/** A key of several parts that is put together and taken apart again with the same constants. */
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
      ${index === 0 ? free(`${part.style.access} static String ${name}Of`) : `${part.style.access} static String ${free(`${name}Of`)}`}(String ${seen(key)}) {
          return ${key}.split(${separator})[${String(index + (hasPrefix ? 1 : 0))}];
      }
    `,
  );
  const declared = part.random.shuffled([
    `private static final String ${free(`${separator} = '${part.pick('-', '_', '#', ':', '/')}'`)};`,
    ...(hasPrefix
      ? [`private static final String ${free(`${prefix} = '${unknownWord(part.random)}'`)};`]
      : []),
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

/** What one expression does with a text, as the doc says. */
export const textTool: Member = (part) => {
  const text = textName(part);
  const extra = fresh(part, [text], 'prefix', 'ending', 'wanted', 'mark', 'needle');
  const tools: readonly (readonly [
    type: string,
    said: string,
    names: readonly string[],
    code: string,
    extra: boolean,
  ])[] = [
    [
      'String',
      `the ${text} before the first ${extra}`,
      ['before', 'upTo', 'textBefore'],
      `${text}.substringBefore(${extra})`,
      true,
    ],
    [
      'String',
      `what stands in the ${text} behind the last ${extra}`,
      ['behind', 'afterLast', 'textAfter'],
      `${text}.substringAfterLast(${extra})`,
      true,
    ],
    [
      'Integer',
      `how often ${extra} occurs in the ${text}`,
      ['occurrences', 'countMatches', 'timesIn'],
      `${text}.countMatches(${extra})`,
      true,
    ],
    [
      'Boolean',
      `does the ${text} begin with ${extra}, whatever the case?`,
      ['beginsWith', 'startsAlike'],
      `${text}.startsWithIgnoreCase(${extra})`,
      true,
    ],
    [
      'Boolean',
      `whether the ${text} reads the same backwards`,
      ['isPalindrome', 'isMirrored'],
      `${text} == ${text}.reverse()`,
      false,
    ],
    [
      'Boolean',
      `true if the ${text} has digits only`,
      ['isNumeric', 'hasDigitsOnly'],
      `${text}.isNumeric()`,
      false,
    ],
    [
      'String',
      `the ${text} with hyphens for blanks, in lower case`,
      ['slug', 'toSlug', 'slugify'],
      `${text}.trim().toLowerCase().replace(' ', '-')`,
      false,
    ],
    [
      'String',
      `the ${text} without anything that is no digit`,
      ['digitsOf', 'onlyDigits'],
      `${text}.replaceAll('[^0-9]', '')`,
      false,
    ],
    ['String', `the ${text} without ${extra}`, ['without', 'stripped'], `${text}.remove(${extra})`, true],
    ['String', `the ${text} in quotes`, ['quoted', 'inQuotes'], `'"' + ${text} + '"'`, false],
    [
      'Boolean',
      `true when both are equal but for upper and lower case`,
      ['isAlike', 'equalsAnyCase'],
      `${text}.equalsIgnoreCase(${extra})`,
      true,
    ],
    [
      'String',
      `the ${text}, or ${extra} when it is blank`,
      ['orElse', 'withDefault', 'nonBlank'],
      `String.isBlank(${text}) ? ${extra} : ${text}`,
      true,
    ],
  ];
  const picked = part.random.sample(tools, part.random.integer(1, 3));
  return picked
    .map(([type, said, names, code, hasExtra]) => {
      const out = resultName(part, [text, extra], 'changed', 'answer', 'outcome');
      const isVariable = part.random.chance(0.2);
      return apex`
        ${told(part, part.pick(said, said.startsWith('the ') ? `returns ${said}` : said), [text])}
        ${head(part, type, part.random.pick(names), `String ${seen(text)}`, ...(hasExtra ? [`String ${seen(extra)}`] : []))}
            ${blankGuard(part, text, type === 'Boolean' ? 'false' : type === 'Integer' ? '0' : hasExtra && code.startsWith('String.isBlank') ? extra : text)}
            ${isVariable ? `${type} ${seen(out)} = ${code};` : ''}
            return ${isVariable ? out : code};
        }
      `;
    })
    .join('\n\n');
};

/** A pattern, compiled once, and what asks it. */
export const patterned: Member = (part) => {
  const text = textName(part);
  const noun = part.random.chance(0.4)
    ? unknownWord(part.random)
    : part.pick('zip', 'email', 'isbn', 'plate', 'phone', 'color', 'version');
  const constant = part.pick(
    `${noun.toUpperCase()}_PATTERN`,
    `${noun.toUpperCase()}_FORMAT`,
    `${noun.toUpperCase()}_SHAPE`,
  );
  const matcher = fresh(part, [text, noun], 'matcher', 'm', 'match', 'found');
  const out = resultName(part, [text, noun, matcher], 'everything', `${noun}s`, 'hits', 'matches');
  const regex = part.pick(
    '[0-9]{5}',
    '[A-Z]{2}-[0-9]+',
    '#[0-9a-f]{6}',
    '[0-9]+(\\\\.[0-9]+)*',
    '[A-Za-z]+[0-9]{2,4}',
  );
  const lists = apex`
    ${told(part, `all that look like ${withArticle(noun)} in the ${text}`, [text])}
    ${head(part, 'List<String>', part.pick(`find${pascalCase(noun)}s`, `extract${pascalCase(noun)}s`, `all${pascalCase(noun)}s`), `String ${seen(text)}`)}
        List<String> ${seen(out)} = new List<String>();
        Matcher ${seen(matcher)} = ${constant}.matcher(${text});
        while (${matcher}.find()) {
            ${out}.add(${matcher}.group());
        }
        return ${out};
    }
  `;
  const is = apex`
    ${told(part, part.pick(`whether the ${text} is ${withArticle(noun)}`, `true if the whole ${text} matches ${constant}`), [text])}
    ${head(part, 'Boolean', part.pick(`is${capitalized(noun)}`, `isValid${capitalized(noun)}`), `String ${seen(text)}`)}
        return ${part.pick(`${text} != null && `, '', '')}${constant}.matcher(${text}).matches();
    }
  `;
  const methods = part.random.shuffled([lists, is]).slice(0, part.random.integer(1, 2));
  return `private static final Pattern ${free(`${constant} = Pattern.compile('${regex}')`)};\n\n${methods.join('\n\n')}`;
};
