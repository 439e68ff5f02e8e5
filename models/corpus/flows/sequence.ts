/** Steps said one after the other: as a sentence, sentences, a list, notes. */
import type { Draw } from '../draw.js';
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import type { Said } from './plan.js';

export interface Sequence {
  readonly text: string;
  /** A list or notes: wants a colon, a line or a full stop before it, and nothing after it. */
  readonly isList: boolean;
}

type Layout =
  | 'commas'
  | 'ands'
  | 'semicolons'
  | 'sentences'
  | 'numbered'
  | 'numbered lines'
  | 'bullets'
  | 'ordinals'
  | 'notes';

/** `isCommand`: what stands before wants imperatives. */
export function saidSequence({ random }: Draw, steps: readonly Said[], isCommand: boolean): Sequence {
  const layout = drawLayout(random, steps);
  const isApart = layout !== 'commas' && layout !== 'ands' && layout !== 'ordinals';
  const isNotes =
    layout === 'notes' || (layout !== 'commas' && layout !== 'ands' && !isCommand && random.chance(0.12));
  const sentenceShare = isNotes || isCommand ? 0 : random.pick([0, 0, 0, 0.4, 0.7]);
  const texts: string[] = [];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]!;
    const next = steps[at + 1];
    const canJoin = layout !== 'notes' && next !== undefined && !next.isLong && next.later === null;
    if (step.later !== null && canJoin && at > 0 && random.chance(0.35)) {
      texts.push(`${step.later}${random.chance(0.4) ? ',' : ''} ${next.imperative}`);
      at++;
    } else if (isNotes) {
      texts.push(step.note);
    } else {
      const share = step.isLong ? (isApart || steps.length === 1 ? 0.3 : 0) : sentenceShare;
      texts.push(step.sentence !== null && random.chance(share) ? step.sentence : step.imperative);
    }
  }
  const hasLongBefore = steps.slice(0, -1).some((step) => step.isLong);
  return laidOut(random, layout, texts, hasLongBefore);
}

function drawLayout(random: Random, steps: readonly Said[]): Layout {
  const hasLongBefore = steps.slice(0, -1).some((step) => step.isLong);
  const count = steps.length;
  return random.weighted<Layout>([
    [hasLongBefore ? 1 : 9, 'commas'],
    [hasLongBefore || count > 4 ? 0 : 4, 'ands'],
    [2.5, 'semicolons'],
    [4, 'sentences'],
    [count < 2 ? 0 : 2.5, 'numbered'],
    [count < 2 ? 0 : 1.5, 'numbered lines'],
    [count < 2 ? 0 : 1.5, 'bullets'],
    [count < 2 ? 0 : 2, 'ordinals'],
    [1.5, 'notes'],
  ]);
}

function laidOut(random: Random, layout: Layout, texts: readonly string[], hasLongBefore: boolean): Sequence {
  const isCapital = random.chance(0.4);
  const cased = isCapital ? texts.map(capitalized) : texts;
  switch (layout) {
    case 'commas':
      return { text: joinedByCommas(random, texts), isList: false };
    case 'ands':
      return { text: joinedByAnds(random, texts), isList: false };
    case 'semicolons':
      return { text: texts.join(random.chance(0.8) ? '; ' : '; then '), isList: texts.length > 1 };
    case 'sentences':
      return { text: joinedBySentences(random, texts), isList: false };
    case 'numbered': {
      const mark = random.pick(['N. ', 'N) ', '(N) ', 'N: ']);
      const between = random.pick([' ', ' ', ', ', '; ', '. ']);
      return {
        text: cased.map((text, at) => mark.replace('N', String(at + 1)) + text).join(between),
        isList: true,
      };
    }
    case 'numbered lines': {
      const mark = random.pick(['N. ', 'N) ', 'N. ']);
      return {
        text: `\n${cased.map((text, at) => mark.replace('N', String(at + 1)) + text).join('\n')}`,
        isList: true,
      };
    }
    case 'bullets': {
      const mark = random.pick(['- ', '- ', '* ', '• ']);
      return { text: `\n${cased.map((text) => mark + text).join('\n')}`, isList: true };
    }
    case 'ordinals':
      return { text: joinedByOrdinals(random, texts), isList: false };
    case 'notes':
      return {
        text: texts.join(
          hasLongBefore ? '; ' : random.pick(['; ', ', ', ' -> ', ' => ', ' + ', ' / ', ', then ', '. ']),
        ),
        isList: true,
      };
  }
}

function joinedByCommas(random: Random, texts: readonly string[]): string {
  const link = random.pick(['then', 'then', 'and then', 'after that', '', 'mixed']);
  return texts
    .map((text, at) => {
      if (at === 0) return text;
      if (at === texts.length - 1)
        return `${phrase(random, '{, then|, then|, and then|, and|, and finally|, finally|, and at the end|, and lastly|, after that|, next}')} ${text}`;
      const word =
        link === 'mixed' ? random.pick(['then', 'after that', 'next', 'and then', 'afterwards']) : link;
      return `, ${word === '' ? '' : `${word} `}${text}`;
    })
    .join('');
}

function joinedByAnds(random: Random, texts: readonly string[]): string {
  const last = random.pick([' and ', ' and ', ', and ', ' and also ']);
  return texts.map((text, at) => (at === 0 ? text : (at === texts.length - 1 ? last : ', ') + text)).join('');
}

function joinedBySentences(random: Random, texts: readonly string[]): string {
  return texts
    .map((text, at) => {
      if (at === 0) return text;
      if (random.chance(0.35)) return `. ${capitalized(text)}`;
      const isLast = at === texts.length - 1;
      const links = isLast
        ? '{Then|Then|After that,|After that|Finally,|Finally|At the end,|Lastly,|And then|Next,|In the end,}'
        : '{Then|Then|After that,|Next,|Next|Afterwards,|And then|After that|Also,}';
      return `. ${phrase(random, links)} ${text}`;
    })
    .join('');
}

function joinedByOrdinals(random: Random, texts: readonly string[]): string {
  const names = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
  const isCounted = random.chance(0.25);
  return texts
    .map((text, at) => {
      if (at === 0) return `first${random.chance(0.3) ? ',' : ''} ${text}`;
      if (isCounted) return `, ${names[at] ?? 'next'} ${text}`;
      const isLast = at === texts.length - 1;
      return `, ${random.pick(isLast ? ['finally', 'and finally', 'then', 'and then', 'and last'] : ['then', 'next', 'after that', 'then'])} ${text}`;
    })
    .join('');
}
