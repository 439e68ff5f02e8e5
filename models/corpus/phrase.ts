/** Templates of English: `{a|b|{c|d}}` is one of its choices, an empty choice is allowed. */
import type { Random } from './random.js';

const innermost = /\{([^{}]*)\}/g;
/** Written with a vowel, said with a consonant. */
const consonants = /^(?:un(?:i(?!m|n))|us(?:e|a|u)|eu|one\b|once|ut[ei]|ubi)/i;

/** One wording of a template; blanks become one, and none stands before a comma or a full stop. */
export function phrase(random: Random, template: string): string {
  let text = template;
  while (text.includes('{')) {
    text = text.replace(innermost, (_whole, choices: string) => random.pick(choices.split('|')));
  }
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:?])/g, '$1')
    .trim();
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)!}`;
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** By its sound: `an hourly rate`, `a user`, `an account`. */
export function withArticle(noun: string): string {
  const isVowel = /^(?:hour|hono|heir)/i.test(noun) || (/^[aeiou]/i.test(noun) && !consonants.test(noun));
  return `${isVowel ? 'an' : 'a'} ${noun}`;
}

/** `Renewal_Date__c`, `renewal date` → `renewalDate`. */
export function camelCase(name: string): string {
  const words = name.replace(/__[cr]$/, '').split(/[_\s-]+/);
  return words
    .map((word, index) => (index === 0 ? word.slice(0, 1).toLowerCase() + word.slice(1) : capitalized(word)))
    .join('');
}

/** `Renewal_Date__c`, `renewal date` → `RenewalDate`. */
export function pascalCase(name: string): string {
  return capitalized(camelCase(name));
}

/** `delete` → `deletes`, `copy` → `copies`. */
export function thirdPerson(verb: string): string {
  if (verb === 'go' || /(s|x|ch|sh)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}
