/**
 * What people do to a sentence when they ask for something; never what it means. What stands in quotes, API names,
 * numbers, and what the generator says is to be copied stay letter for letter.
 */
import { loweredStart, opened } from './openings.js';
import { capitalized } from './phrase.js';
import { eachWord, outsideQuotes } from './plain-text.js';
import type { Random } from './random.js';
import { abbreviated } from './short-forms.js';
import { mistyped, namesMistyped } from './typos.js';

type Change = (random: Random, text: string) => string;

/** How often each is done; in this order. */
const changes: readonly (readonly [probability: number, change: Change])[] = [
  [0.3, contracted],
  [0.06, withoutArticles],
  [0.2, british],
  [0.02, (_, text) => outsideQuotes(text, (part) => part.replace(' and ', ' & '))],
  [0.05, withoutCapitals],
  [0.07, mistyped],
  [0.05, namesMistyped],
  [0.07, abbreviated],
  [0.02, doubleBlank],
];
const openedOf = { block: 0.22, flow: 0.15 } as const;
const loweredShare = 0.45;
const commentShare = { block: 0.07, flow: 0 } as const;

/** `english` as somebody might have typed it; the texts of `kept` stay as they are. */
export function decorated(
  random: Random,
  english: string,
  task: 'block' | 'flow',
  kept: readonly string[] = [],
): string {
  const { text, back } = hidden(english, kept);
  return back(changed(random, text, task));
}

/** Each kept text is one sign of no alphabet until `back`, so no change of letters or words touches it. */
function hidden(english: string, kept: readonly string[]): { text: string; back: (text: string) => string } {
  const longestFirst = [...kept].sort((one, other) => other.length - one.length);
  const signOf = (at: number): string => String.fromCharCode(0xe000 + at);
  const text = longestFirst.reduce((rest, literal, at) => withSign(rest, literal, signOf(at)), english);
  return {
    text,
    back: (changedText) =>
      longestFirst.reduce((rest, literal, at) => rest.replaceAll(signOf(at), () => literal), changedText),
  };
}

/** `sign` instead of `literal` where no letter or digit touches it. A pattern of each literal would cost more than all the rest. */
function withSign(text: string, literal: string, sign: string): string {
  let result = '';
  let rest = text;
  for (let at = rest.indexOf(literal); at >= 0; at = rest.indexOf(literal)) {
    const end = at + literal.length;
    const isWhole =
      !touching.test(rest.charAt(end)) && !touching.test((result + rest.slice(0, at)).slice(-1));
    result += rest.slice(0, at) + (isWhole ? sign : literal);
    rest = rest.slice(end);
  }
  return result + rest;
}

const touching = /[\p{L}\p{N}_]/u;

function changed(random: Random, english: string, task: 'block' | 'flow'): string {
  let text = random.chance(openedOf[task]) ? opened(random, english, task) : english;
  for (const [probability, change] of changes) {
    if (random.chance(probability)) text = change(random, text);
  }
  text = random.chance(loweredShare) ? loweredStart(text) : started(text);
  text = ended(random, text);
  return random.chance(commentShare[task]) ? `// ${text}` : text;
}

/** A first word that is no name begins with a capital. */
function started(text: string): string {
  return /^[a-z]+(?=[\s,:'])/.test(text) ? capitalized(text) : text;
}

function ended(random: Random, text: string): string {
  if (text.endsWith('?')) return random.chance(0.75) ? text : text.slice(0, -1);
  const bare = text.replace(/\.$/, '');
  return random.chance(bare.includes('. ') ? 0.7 : 0.35) ? `${bare}.` : bare;
}

const contractions: readonly (readonly [long: string, short: string])[] = [
  ['do not', "don't"],
  ['does not', "doesn't"],
  ['did not', "didn't"],
  ['is not', "isn't"],
  ['are not', "aren't"],
  ['have not', "haven't"],
  ['has not', "hasn't"],
  ['was not', "wasn't"],
  ['should not', "shouldn't"],
  ['cannot', "can't"],
  ['it is', "it's"],
  ['that is', "that's"],
  ['I would', "I'd"],
];

function contracted(random: Random, text: string): string {
  const hasApostrophes = random.chance(0.85);
  return outsideQuotes(text, (part) =>
    contractions.reduce((changed, [long, short]) => {
      const spelled = hasApostrophes || /^(I|it|that)/.test(short) ? short : short.replace("'", '');
      return changed.replace(new RegExp(`\\b${long}\\b`, 'g'), spelled);
    }, part),
  );
}

function withoutArticles(_random: Random, text: string): string {
  return outsideQuotes(text, (part) =>
    part.replace(/(?<=^|[\s(])(?:the|an?) (?=[a-z\ue000-\uf8ff])/g, (article, at: number) =>
      /\b(once|twice|times|half|such|per|what|as|quite) $/.test(part.slice(0, at)) ? article : '',
    ),
  );
}

/** American verbs that no field is named with. */
function british(_random: Random, text: string): string {
  return outsideQuotes(text, (part) =>
    part.replace(/\b(summar|organ|initial|final|categor|priorit|recogn)iz(e|es|ed|ing)\b/g, '$1is$2'),
  );
}

/**
 * All in small letters, where the capitals can be told: those of words with one capital, in front, as values and places
 * have. Texts that a user would quote (subjects, names) and API names are left, and so is what follows words for them.
 */
function withoutCapitals(_random: Random, text: string): string {
  if (freeText.test(text)) return text;
  return eachWord(text, (word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word));
}

const freeText =
  /\b(task|email|e-mail|mail|subject|titled|called|named|name|message|say|says|saying|text|note|remind|reminder|contain\w*|starts?|starting|ends?|ending|begins?|beginning|like|error|log|label|class|method|trigger|action|batch|job|invocable)\b/i;

function doubleBlank(random: Random, text: string): string {
  const blanks = [...text.matchAll(/(?<=[a-z]) (?=[a-z])/g)].map((match) => match.index);
  if (blanks.length === 0 || /["'`“‘]/.test(text)) return text;
  const at = random.pick(blanks);
  return `${text.slice(0, at)} ${text.slice(at)}`;
}
