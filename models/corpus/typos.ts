/** Slips of the finger, in words that carry no name and no value. */
import { eachWord } from './plain-text.js';
import type { Random } from './random.js';

const slippery = new Set(
  (
    'please with that which where whose their them every each should when then would like need want could ' +
    'find fetch retrieve select return show give delete remove update change create insert write make build ' +
    'count number records record sorted sort newest oldest first only grouped group method trigger class query ' +
    'modified changed created starting starts containing contains between than more least most without ' +
    'whenever after before otherwise send assign route notify wait days weeks hours action approval flow'
  ).split(' '),
);

/** After these a word may be a value: `name contains update`. */
const beforeValues =
  /\b(contains|containing|named|called|titled|like|with|says|saying|subject|is|to|as|equals|in)\s+$/i;

/** With one or two of its slippery words misspelled. */
export function mistyped(random: Random, text: string): string {
  let left = random.chance(0.8) ? 1 : 2;
  const places: string[] = [];
  eachWord(text, (word, before) => {
    if (slippery.has(word) && !beforeValues.test(before)) places.push(word);
    return word;
  });
  const chosen = new Set(random.sample(places, left));
  return eachWord(text, (word, before) => {
    if (left === 0 || !chosen.has(word) || beforeValues.test(before)) return word;
    chosen.delete(word);
    left--;
    return slip(random, word);
  });
}

/** Names that are still known when a letter of them is wrong: there is no other word near. */
const knownNames =
  /^(?:opportunit(?:y|ies)|campaigns?|accounts?|contracts?|products?|assets?|invoices?|appointments?|shipments?|deliver(?:y|ies)|priority|description|department|maintenance|equipment|reference|employees?|address|amount|industry|quantity|schedule)$/;

/** With one of its well known names misspelled. */
export function namesMistyped(random: Random, text: string): string {
  const found: string[] = [];
  eachWord(text, (word, before) => {
    if (knownNames.test(word) && !beforeValues.test(before)) found.push(word);
    return word;
  });
  if (found.length === 0) return text;
  const chosen = random.pick(found);
  let isLeft = true;
  return eachWord(text, (word, before) => {
    if (!isLeft || word !== chosen || beforeValues.test(before)) return word;
    isLeft = false;
    return slip(random, word);
  });
}

function slip(random: Random, word: string): string {
  const at = random.integer(1, word.length - 2); // first and last letters mostly come out right
  const [left, letter, next, right] = [word.slice(0, at), word[at]!, word[at + 1]!, word.slice(at + 2)];
  const slipped = random.weighted([
    [4, left + next + letter + right],
    [3, left + next + right],
    [3, left + letter + letter + next + right],
  ]);
  return slippery.has(slipped) ? word : slipped;
}
