/** What stands in the braces of `compareTo` and `compare`: one key or two, nulls, and the comment that tells the order. */
import { apex, free, seen, when } from '../../apex.js';
import type { Part } from '../../part.js';
import { self } from '../../scope/words.js';
import { compared, decided, nullsPlaced, type Form } from './forms.js';
import { drawDirection, type Direction, type Key } from './keys.js';

/** A comparison as it stands in a class. */
interface Body {
  readonly lines: readonly string[];
  /** The order in words, for a comment. */
  readonly words: string;
}

/** What is compared: the key, the second key for those that are equal, and how both sides are written. */
interface Compared {
  readonly by: Key;
  readonly next: Key | null;
  /** `this.`, `` or `first.`; a record's name may follow. */
  readonly left: string;
  readonly right: string;
  readonly form: Form;
  /** Whether a shape was shown above. */
  readonly isShown: boolean;
}

function twoKeys(part: Part, asked: Compared, next: Key, one: Direction, other: Direction): Body {
  const { by, left, right, form, isShown } = asked;
  const [a, b] = [`${left}${by.name}`, `${right}${by.name}`];
  const first = { by, a, b, isDown: one.isDown };
  const second = {
    by: next,
    a: `${left}${next.name}`,
    b: `${right}${next.name}`,
    isDown: other.isDown,
  };
  const begun = isShown ? '' : free('');
  const rest = compared(form, second);
  const isTieFirst = rest.length === 1 && !rest[0]!.includes('\n') && part.random.chance(0.35);
  return {
    words: part.pick(
      `${one.words}, then ${other.words}`,
      `${one.words}; when equal, ${other.words}`,
      `${one.words}, and ${other.words} for the same ${by.label}`,
    ),
    lines: isTieFirst
      ? [
          part.random.chance(0.5)
            ? `${begun}if (${a} == ${b}) ${rest[0]!}`
            : begun + when(`${a} == ${b}`, rest[0]!),
          ...compared({ ...form, name: 'equalLine' }, first).slice(by.type === 'String' ? 0 : 1),
        ]
      : [begun + decided(form, first).join('\n'), ...rest],
  };
}

/** The statements, and the words that make them known. */
export function drawBody(part: Part, asked: Compared): Body {
  const { by, next, left, right, form, isShown } = asked;
  const one = drawDirection(part, by);
  if (next !== null) return twoKeys(part, asked, next, one, drawDirection(part, next));
  const sides = { by, a: `${left}${by.name}`, b: `${right}${by.name}`, isDown: one.isDown };
  const nulls = part.random.chance(0.22) ? nullsPlaced(part, sides, `a ${by.label}`) : null;
  const begun = isShown || by.type === 'String' || part.random.chance(0.25) ? '' : free('');
  return {
    words: nulls === null ? one.words : `${one.words}; ${nulls.words}`,
    lines: [...(nulls === null ? [] : [nulls.code]), begun + compared(form, sides).join('\n')],
  };
}

const parameterNames: readonly (readonly [given: string, that: string])[] = [
  ['o', 'other'],
  ['obj', 'other'],
  ['compareTo', 'other'],
  ['compareTo', 'compareTo$'],
  ['other', 'that'],
  ['o', 'that'],
  ['another', 'that'],
  ['obj', 'other$'],
  ['objectToCompareTo', 'otherOne'],
  ['toCompare', 'rhs'],
  ['instance', 'that'],
];

/** What a `compareTo` is written for. */
interface Asked {
  readonly type: string;
  /** The fields of the class. */
  readonly taken: readonly string[];
  readonly by: Key;
  readonly next: Key | null;
  readonly form: Form;
  /** Between `this.` and the key: `record.`, or nothing. */
  readonly inner: string;
  /** Whether the order is told at the method; otherwise whoever asks has to tell it. */
  readonly isTold: boolean;
}

/** A `compareTo`: its cast, the comparison, and mostly a comment that tells the order; null = names meet. */
export function compareTo(part: Part, asked: Asked): { code: string; words: string } | null {
  const { type, taken, by, next, form, inner, isTold } = asked;
  const [given, called] = part.pick(...parameterNames);
  const that = called.replace('$', type);
  if (taken.includes(given) || taken.includes(that)) return null;
  const isCast = next === null && part.random.chance(0.08);
  const right = isCast ? `((${type}) ${given}).` : `${that}.`;
  const body = drawBody(part, {
    by,
    next,
    form,
    left: self(part) + inner,
    right: right + inner,
    isShown: false,
  });
  const isAbove = part.random.chance(0.5);
  const comment = isTold ? part.comment(body.words) : '';
  const doc = isTold && part.random.chance(0.6) ? part.doc(body.words, [given]) : '';
  const cast = `${type} ${seen(that)} = (${type}) ${given};`;
  const isAiry = part.random.chance(0.15);
  const code = apex`
    ${isAbove ? doc || comment : ''}
    public Integer compareTo(Object ${seen(given)}) {
        ${isCast ? '' : [cast, ...(isAiry ? [''] : [])]}
        ${isAbove ? '' : comment}
        ${body.lines}
    }
  `;
  return { code, words: body.words };
}
