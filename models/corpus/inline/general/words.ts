/** What all makers of general code say with: names that do not meet, documentation, heads of methods, constants and checks. */
import { camelCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { free } from '../apex.js';
import type { Part } from '../part.js';
import { isReserved } from '../style.js';

/** Most files call an index so; the first is drawn the most often. */
export const indexNames = ['i', 'i', 'i', 'index', 'idx', 'n', 'k', 'pos'] as const;

/** An invented word in that share of cases, else one of those given. */
export function wordOr(part: Part, share: number, ...words: readonly string[]): string {
  return part.random.chance(share) ? unknownWord(part.random) : part.random.pick(words);
}

/** One of the names that meets none of the used ones, so that parameters, constants and variables of one text differ. */
export function fresh(part: Part, used: readonly string[], ...options: readonly string[]): string {
  const isUsed = (name: string): boolean =>
    isReserved(name) || used.some((other) => other.toLowerCase() === name.toLowerCase());
  const left = options.filter((name) => !isUsed(name));
  if (left.length > 0) return part.random.pick(left);
  for (;;) {
    const word = unknownWord(part.random);
    if (!isUsed(word)) return word;
  }
}

const styledResultShare = 0.12;

/** The variable that a method returns: now and then the word of the file's style, else one of those that fit. */
export function resultName(part: Part, used: readonly string[], ...options: readonly string[]): string {
  const styled = part.style.result;
  return part.random.chance(styledResultShare) && !used.includes(styled)
    ? styled
    : fresh(part, used, ...options);
}

/** `dueDate` → `due date`. */
export function spoken(name: string): string {
  return name.replace(/(?<=[a-z])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The words joined in camel case, for the name of a method: `countBlankCodes`. */
export function named(...words: readonly string[]): string {
  return camelCase(words.flatMap((word) => word.split(' ')).join(' '));
}

/** The name without what is no letter. */
export function lettersOf(name: string): string {
  return name.replace(/[^a-z]/gi, '');
}

/** The head of a method: nobody can guess its name, but what it returns tells its type. */
export function head(part: Part, type: string, name: string, ...parameters: readonly string[]): string {
  const { access } = part.style;
  const modifiers = part.pick(
    `${access} static`,
    `${access} static`,
    `${access} static`,
    'private static',
    access,
  );
  return `${free(modifiers)} ${type} ${free(name)}(${parameters.join(', ')}) {`;
}

/** Says above a method what it does, in every style; only a name that says it too may stand alone. */
export function told(
  part: Part,
  english: string,
  parameters: readonly string[] = [],
  returned = '',
  isNameEnough = false,
): string {
  if (part.style.doc === 'none' && isNameEnough && part.random.chance(0.6)) return '';
  const text = part.style.doc === 'none' ? part.comment(english) : part.doc(english, parameters, returned);
  return text.replace('?.', '?');
}

/** A constant whose value nobody can guess. */
export function constantOf(type: string, name: string, value: string | number, access = 'private'): string {
  return `${access} static final ${type} ${free(`${name} = ${String(value)}`)};`;
}

/** Of methods that are alike, only what the first has cannot be guessed. */
export function freeFirst(index: number, text: string): string {
  return index === 0 ? free(text) : text;
}

/** The opening of methods that are alike: nobody can guess their names, nor the modifiers of the first. */
export function freeName(index: number, modifiers: string, name: string): string {
  return index === 0 ? free(`${modifiers} ${name}`) : `${modifiers} ${free(name)}`;
}

/** An `if` that answers at once; nothing lets one guess that it comes. */
export function earlyReturn(test: string, answer: string): string {
  return `${free('')}if (${test}) {\n    return ${answer};\n}`;
}

/** The parameter that a text is given in. */
export function textName(part: Part): string {
  return wordOr(
    part,
    0.15,
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
  );
}

/** What is answered for null or blank texts, in some files. */
export function blankGuard(part: Part, text: string, answer: string): string {
  if (part.random.chance(0.5)) return '';
  const test = part.pick(`${text} == null`, `String.isBlank(${text})`, `String.isEmpty(${text})`);
  return earlyReturn(test, answer);
}
