/** Short forms of typing, outside of what is quoted: `w/o`, `opps`, `&`, `pls`. */
import { outsideQuotes } from './plain-text.js';
import type { Random } from './random.js';

const shortForms: readonly (readonly [long: RegExp, short: string])[] = [
  [/\bwithout (?=[a-z])/g, 'w/o '],
  [/\bwith (?=[a-z])/g, 'w/ '],
  [/\bopportunities\b/g, 'opps'],
  [/\bopportunity\b/g, 'opp'],
  [/\bnumber of (?=[a-z])/g, '# of '],
  [/\bat least (?=\d)/g, 'min. '],
  [/\bat most (?=\d)/g, 'max. '],
  [/\bmore than (?=\d)/g, '> '],
  [/\bless than (?=\d)/g, '< '],
  [/\bbecause\b/g, 'bc'],
  [/\bplease\b/g, 'pls'],
  [/\bincluding\b/g, 'incl.'],
  [/\bapproximately\b/g, 'approx.'],
  [/\band (?=their|the|set|log|then)/g, '& '],
];
/** Each that fits is used so often. */
const eachShare = 0.6;

/** With some of its words shortened as people do who type fast. */
export function abbreviated(random: Random, text: string): string {
  const chosen = shortForms.filter(() => random.chance(eachShare));
  return outsideQuotes(text, (part) =>
    chosen.reduce((rest, [long, short]) => rest.replace(long, short), part),
  );
}
