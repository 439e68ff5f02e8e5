/** What counts of methods, classes and triggers as such: how they look from outside. */
import { closingIndex, isToken, splitAt, textOf, type Token } from './apex-tokens.js';
import { isModifier, splitTypes, typeText, type Nameless } from './nameless.js';

/** `tokens`: with the names that are kept; `nameless`: the same without names of variables. */
export function slotsOfUnits(tokens: readonly Token[], { methods }: Nameless) {
  const after = (word: string) =>
    tokens.flatMap((token, index) => (token.kind === 'word' && isToken(token, word) ? [index] : []));
  return {
    signatures: methods.map(({ returns, parameterTypes }) => `${returns}(${parameterTypes.join(', ')})`),
    annotations: unique(
      tokens.flatMap((_, index) => (isToken(tokens[index - 1], '@') ? [annotationAt(tokens, index)] : [])),
    ),
    interfaces: unique([
      ...after('implements').flatMap((index) => interfacesFrom(tokens, index + 1)),
      ...after('extends').map((index) => `extends ${tokens[index + 1]?.text ?? ''}`),
    ]),
    units: after('class').flatMap((index) => (isToken(tokens[index - 1], '.') ? [] : ['class'])),
    members: after('implements').length > 0 ? [] : members(tokens),
    trigger: after('trigger').flatMap((index) => triggerHead(tokens, index)),
  };
}

/** Arguments that change what a method may do; others, as labels, do not count. */
const countedArguments = ['cacheable', 'callout'];

function annotationAt(tokens: readonly Token[], index: number): string {
  const name = tokens[index]!.text.toLowerCase();
  if (!isToken(tokens[index + 1], '(')) return name;
  const given = tokens.slice(index + 2, closingIndex(tokens, index + 1));
  const isTrue = (word: string) =>
    given.some((token, at) => isToken(token, word) && isToken(given[at + 2], 'true'));
  return [name, ...countedArguments.filter(isTrue)].join(' ');
}

function interfacesFrom(tokens: readonly Token[], start: number): string[] {
  const end = tokens.findIndex((token, index) => index >= start && isToken(token, '{'));
  const names = splitTypes(tokens.slice(start, end < 0 ? tokens.length : end));
  return names.map((name) => typeText(name).replace(/<.*/, ''));
}

/** `trigger X on Case (before insert, after update) {`. */
function triggerHead(tokens: readonly Token[], index: number): string[] {
  if (!isToken(tokens[index + 2], 'on') || !isToken(tokens[index + 4], '(')) return [];
  const events = splitAt(tokens.slice(index + 5, closingIndex(tokens, index + 4)), ',');
  const texts = events.map((event) => textOf(event).toLowerCase()).sort();
  return [`${tokens[index + 3]!.text} (${texts.join(', ')})`];
}

/** Public fields with their names, and values of constants; of a class that does a job they are its own affair. */
function members(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const isOpen = isToken(token, 'public') || isToken(token, 'global');
    if (token.kind !== 'word' || !isOpen) return [];
    let start = index + 1;
    while (isModifier(tokens[start])) start++;
    const end = tokens.findIndex((other, at) => at > start && /^[;={(]$/.test(other.text));
    const [first, sign] = [tokens[start], tokens[end]];
    if (sign === undefined || isToken(sign, '(') || isToken(first, 'class')) return [];
    if (!isToken(sign, '=')) return [`${typeText(tokens.slice(start, end - 1))} ${tokens[end - 1]!.text}`];
    const close = tokens.findIndex((other, at) => at > end && isToken(other, ';'));
    return [`${typeText(tokens.slice(start, end - 1))} = ${textOf(tokens.slice(end + 1, close))}`];
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
