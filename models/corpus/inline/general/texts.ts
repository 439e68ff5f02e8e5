/** Tools of one expression for texts, and patterns that texts are searched by. */
import { capitalized, pascalCase, withArticle } from '../../phrase.js';
import { apex, seen } from '../apex.js';
import type { Member } from '../part.js';
import { blankGuard, constantOf, fresh, head, resultName, textName, told, wordOr } from './words.js';

type TextTool = readonly [
  type: string,
  said: string,
  names: readonly string[],
  code: string,
  hasExtra: boolean,
];

/** Expressions that look for `extra` in the text. */
function searchesFor(extra: string, text: string): readonly TextTool[] {
  return [
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
  ];
}

/** Expressions of what the text is or becomes, with `extra` where they have it. */
function formsOf(text: string, extra: string): readonly TextTool[] {
  return [
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
}

/** What is given for a blank text. */
function answerForBlank(type: string): string | null {
  switch (type) {
    case 'Boolean':
      return 'false';
    case 'Integer':
      return '0';
    default:
      return null;
  }
}

/** Writes methods of one expression that do with a text what the doc says. */
export const textTool: Member = (part) => {
  const text = textName(part);
  const extra = fresh(part, [text], 'prefix', 'ending', 'wanted', 'mark', 'needle');
  return part.random
    .sample([...searchesFor(extra, text), ...formsOf(text, extra)], part.random.integer(1, 3))
    .map(([type, said, names, code, hasExtra]) => {
      const out = resultName(part, [text, extra], 'changed', 'answer', 'outcome');
      const isVariable = part.random.chance(0.2);
      const isDefault = hasExtra && code.startsWith('String.isBlank');
      return apex`
        ${told(part, part.pick(said, said.startsWith('the ') ? `returns ${said}` : said), [text])}
        ${head(part, type, part.random.pick(names), `String ${seen(text)}`, ...(hasExtra ? [`String ${seen(extra)}`] : []))}
            ${blankGuard(part, text, answerForBlank(type) ?? (isDefault ? extra : text))}
            ${isVariable ? `${type} ${seen(out)} = ${code};` : ''}
            return ${isVariable ? out : code};
        }
      `;
    })
    .join('\n\n');
};

/** Declares a pattern that is compiled once, and methods that ask it. */
export const patterned: Member = (part) => {
  const text = textName(part);
  const noun = wordOr(part, 0.4, 'zip', 'email', 'isbn', 'plate', 'phone', 'color', 'version');
  const constant = `${noun.toUpperCase()}_${part.pick('PATTERN', 'FORMAT', 'SHAPE')}`;
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
  return `${constantOf('Pattern', constant, `Pattern.compile('${regex}')`)}\n\n${methods.join('\n\n')}`;
};
