/** Tools that shorten, fill up, hide or repeat a text, by a length that is given or constant. */
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { blankGuard, constantOf, fresh, head, resultName, textName, told } from './words.js';

type Way = 'cut' | 'pad' | 'mask' | 'tail' | 'repeat';

const ways: Readonly<Record<Way, { readonly constant: string; readonly names: readonly string[] }>> = {
  cut: { constant: 'MAX_LENGTH', names: ['abbreviate', 'truncate', 'shorten', 'cutText'] },
  pad: { constant: 'CODE_LENGTH', names: ['pad', 'fillUp', 'toFixedLength'] },
  mask: { constant: 'VISIBLE', names: ['mask', 'hide', 'obscure'] },
  tail: { constant: 'SUFFIX_LENGTH', names: ['tail', 'lastCharacters', 'ending'] },
  repeat: { constant: 'TIMES', names: ['repeatText', 'multiply', 'times'] },
};

interface Drawn {
  readonly text: string;
  readonly length: string;
  /** The constant that is filled or hidden with. */
  readonly sign: string;
  readonly hasSign: boolean;
  readonly out: string;
  readonly i: string;
  /** Whether it is filled on the left. */
  readonly isLeft: boolean;
}

/** Shortens, fills up, hides or repeats. */
export const lengthened: Member = (part) => {
  const text = textName(part);
  const way = part.pick<Way>('cut', 'pad', 'mask', 'tail', 'repeat');
  const isConstant = part.random.chance(0.5);
  const { constant, names } = ways[way];
  const length = isConstant
    ? part.pick(constant, `${constant}_CHARS`, 'WIDTH', 'LIMIT_CHARS')
    : fresh(part, [text], 'length', 'width', 'maxLength', 'size', 'count', 'chars');
  const sign = part.pick('FILLER', 'MARK', 'SIGN', 'PADDING', 'ELLIPSIS');
  const hasSign = way === 'cut' ? part.random.chance(0.5) : way !== 'tail';
  const out = resultName(part, [text, length], 'padded', 'filled', 'built', 'changed', 'answer', 'masked');
  const i = fresh(part, [text, length, out], 'i', 'i', 'index', 'n');
  const drawn = { text, length, sign, hasSign, out, i, isLeft: part.random.chance(0.6) };
  const body = bodies(part, drawn)[way];
  const said = descriptions(part, drawn)[way];
  const filler = way === 'cut' ? "'...'" : part.pick("'*'", "'0'", "'#'", "'-'", "'.'", "'x'");
  const declared = [
    ...(isConstant ? [constantOf('Integer', length, part.random.integer(3, 80))] : []),
    ...(hasSign ? [constantOf('String', sign, filler)] : []),
  ];
  return apex`
    ${declared.length === 0 ? '' : `${part.random.shuffled(declared).join('\n')}\n\n`}${told(part, said, [text])}
    ${head(part, 'String', part.random.pick(names), `String ${seen(text)}`, ...(isConstant ? [] : [`Integer ${seen(length)}`]))}
        ${blankGuard(part, text, text)}
        ${body}
    }
  `;
};

/** The lines of every way; chance is drawn for all of them, whichever is used. */
function bodies(part: Part, drawn: Drawn): Readonly<Record<Way, readonly string[]>> {
  const { text, length, sign, hasSign, out, i, isLeft } = drawn;
  const short = `if (${text}.length() <= ${length}) {\n    return ${text};\n}`;
  const filling = [
    `String ${seen(out)} = ${text};`,
    `while (${out}.length() < ${length}) {`,
    `    ${isLeft ? `${out} = ${sign} + ${out};` : `${out} += ${sign};`}`,
    '}',
    `return ${out};`,
  ];
  const hiding = [
    short,
    `String ${seen(out)} = '';`,
    `for (Integer ${seen(i)} = 0; ${i} < ${text}.length() - ${length}; ${i}++) {`,
    `    ${out} += ${sign};`,
    '}',
    `return ${out} + ${text}.right(${length});`,
  ];
  return {
    cut: [
      short,
      `return ${text}.${free('')}${part.pick(`substring(0, ${length})`, `left(${length})`)}${hasSign ? ` + ${sign}` : ''};`,
    ],
    pad: part.random.chance(0.7)
      ? filling
      : [`return ${text}.${isLeft ? 'left' : 'right'}Pad(${length}, ${sign});`],
    mask: part.random.chance(0.5)
      ? [short, `return ${sign}.repeat(${text}.length() - ${length}) + ${text}.right(${length});`]
      : hiding,
    tail: [
      short,
      `return ${text}.${free('')}${part.pick(`right(${length})`, `substring(${text}.length() - ${length})`)};`,
    ],
    repeat: [
      `String ${seen(out)} = '';`,
      `for (Integer ${seen(i)} = 0; ${i} < ${length}; ${i}++) {`,
      `    ${out} += ${text} + ${sign};`,
      '}',
      `return ${out};`,
    ],
  };
}

/** What every way is said to do; chance is drawn for all of them, whichever is used. */
function descriptions(part: Part, drawn: Drawn): Readonly<Record<Way, string>> {
  const { text, length, sign, hasSign, isLeft } = drawn;
  const cut = part.pick(
    `at most ${length} characters of the ${text}`,
    `cuts the ${text} after ${length} characters${hasSign ? ` and adds ${sign}` : ''}`,
    `the ${text}, abbreviated to ${length} characters`,
  );
  return {
    cut: hasSign ? `${cut}; ${sign} behind what is cut` : cut,
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
  };
}
